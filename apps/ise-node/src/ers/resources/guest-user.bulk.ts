import { z } from 'zod';
import type { SponsorRights } from '#libs/guests';
import { javaDate } from '../../http/java-date.ts';
import { checkFields, type ErsBody } from '../ers-body.ts';
import { bulkStatus } from '../ers-documents.ts';
import { ErsException } from '../ers-exception.ts';
import { isFields, type ErsCall, type ErsFields, type ErsOutcome } from '../ers-resource.ts';
import { fromXml } from '../ers-xml.ts';
import { requestOf } from './guest-user.fields.ts';
import { GUEST_USER_SCHEMA } from './guest-user.schema.ts';
import type { GuestUserService } from './guest-user.service.ts';

/** Resources in one request, and requests whose fate is remembered. */
const RESOURCES_MAX = 500;
const REQUESTS_MAX = 100;

const ID_OPERATIONS = ['delete', 'approve', 'deny', 'suspend', 'reinstate', 'resetpassword'] as const;
const requestSchema = z.strictObject({
  operationType: z.enum(['create', ...ID_OPERATIONS]),
  resourceMediaType: z.string().max(200).optional(),
  idList: z.unknown().optional(),
  resourcesList: z.unknown().optional(),
});
type BulkRequest = z.infer<typeof requestSchema>;

interface Resource {
  id: string;
  name: string;
  description: string;
  resourceExecutionStatus: 'PENDING' | 'SUCCESS' | 'FAIL';
  status: string;
}

interface Bulk {
  owner: string;
  operationType: string;
  mediaType: string;
  startedAt: number;
  resources: Resource[];
}

/** Bulk requests of guest users. What was refused for one of its resources is told in the status. */
export class GuestBulkDesk {
  private readonly bulks = new Map<string, Bulk>();

  constructor(private readonly guests: GuestUserService) {}

  /** Takes the request and answers where its status is told; everything is done when the answer arrives. */
  async submit(call: ErsCall, rights: SponsorRights): Promise<ErsOutcome> {
    const request = readRequest(call.body);
    const items = request.operationType === 'create' ? guestsIn(request) : idsIn(request);
    if (items.length < 1 || items.length > RESOURCES_MAX) {
      throw new ErsException('SCHEMA_VALIDATION_EXCEPTION', `A bulk request has 1 to ${RESOURCES_MAX} resources`);
    }
    const { clock } = call.context;
    const bulkId = String(clock.now() + this.bulks.size);
    const bulk: Bulk = {
      owner: rights.sponsor.username,
      operationType: request.operationType,
      mediaType: request.resourceMediaType ?? '',
      startedAt: clock.now(),
      resources: [],
    };
    this.bulks.set(bulkId, bulk);
    const [oldest] = this.bulks.keys();
    if (this.bulks.size > REQUESTS_MAX && oldest !== undefined) this.bulks.delete(oldest);
    for (const item of items) bulk.resources.push(await this.carryOut(request.operationType, item, call, rights));
    return { kind: 'accepted', path: `bulk/${bulkId}` };
  }

  status({ params, caller }: ErsCall): ErsOutcome {
    const { bulkid = '' } = params;
    const bulk = this.bulks.get(bulkid);
    if (bulk?.owner !== caller.name) throw new ErsException('RESOURCE_NOT_FOUND_EXCEPTION', 'Bulk request not found');
    const successCount = bulk.resources.filter((each) => each.resourceExecutionStatus === 'SUCCESS').length;
    const fields = {
      bulkId: bulkid,
      mediaType: bulk.mediaType,
      executionStatus: 'COMPLETED',
      operationType: bulk.operationType,
      startTime: javaDate(bulk.startedAt),
      resourcesCount: bulk.resources.length,
      successCount,
      failCount: bulk.resources.length - successCount,
    };
    return bulkStatus(
      fields,
      bulk.resources.map((each): ErsFields => ({ ...each })),
    );
  }

  private async carryOut(
    operation: BulkRequest['operationType'],
    item: unknown,
    call: ErsCall,
    rights: SponsorRights,
  ): Promise<Resource> {
    const resource: Resource = { id: '', name: '', description: '', resourceExecutionStatus: 'FAIL', status: '' };
    if (typeof item === 'string') resource.id = item;
    try {
      if (operation === 'create') {
        const required = ['portalId', 'guestAccessInfo.fromDate', 'guestAccessInfo.toDate'];
        const body: ErsBody = { wrapper: 'GuestUser', content: item };
        const described = { wrapper: 'GuestUser', schema: GUEST_USER_SCHEMA, required, title: 'Guest User' };
        const input = checkFields(body, described, { complete: true });
        resource.id = this.guests.create(requestOf(input, call.context), rights);
        resource.name = this.guests.accountOf(resource.id, rights).username;
      } else {
        resource.name = this.guests.accountOf(resource.id, rights).username;
        await this.perform(operation, resource.id, rights);
      }
      Object.assign(resource, { resourceExecutionStatus: 'SUCCESS', status: `${operation} completed successfully` });
    } catch (error) {
      resource.status = error instanceof ErsException ? error.message : 'An unexpected error occurred';
    }
    return resource;
  }

  private async perform(operation: (typeof ID_OPERATIONS)[number], id: string, rights: SponsorRights): Promise<void> {
    switch (operation) {
      case 'approve':
      case 'deny':
        await this.guests.tellDecision(id, operation, undefined, rights);
        return;
      case 'resetpassword':
        this.guests.perform(id, { operation: 'resetPassword' }, rights);
        return;
      default:
        this.guests.perform(id, { operation }, rights);
    }
  }
}

/** `GuestUserBulkRequest` in JSON, `guestUserBulkRequest` in XML, where its scalars are attributes. */
function readRequest(body: unknown): BulkRequest {
  const wrapped = z.object({ wrapper: z.string(), content: z.unknown() }).safeParse(body);
  if (wrapped.data?.wrapper.toLowerCase() !== 'guestuserbulkrequest' || !isFields(wrapped.data.content)) {
    throw new ErsException('SCHEMA_VALIDATION_EXCEPTION', 'The body must be one object named GuestUserBulkRequest');
  }
  const known = Object.keys(requestSchema.shape);
  // Declared namespaces are attributes too; nothing else that is not known is let through.
  const given = Object.entries(wrapped.data.content).filter(
    ([name, value]) => known.includes(name) || typeof value !== 'string',
  );
  const request = requestSchema.safeParse(Object.fromEntries(given));
  if (request.success) return request.data;
  const faults = request.error.issues.map(({ path, message }) => `${path.join('.') || 'the request'}: ${message}`);
  throw new ErsException('SCHEMA_VALIDATION_EXCEPTION', ...faults);
}

/** In JSON a list of ids, in XML a list of elements. */
function idsIn({ idList }: BulkRequest): string[] {
  const list = isFields(idList) ? idList['id'] : idList;
  return [list].flat().filter((id) => typeof id === 'string');
}

function guestsIn({ resourcesList }: BulkRequest): unknown[] {
  if (isFields(resourcesList)) {
    return [resourcesList['guestuser']].flat().map((each) => fromXml(isFields(each) ? each : '', GUEST_USER_SCHEMA));
  }
  const list = Array.isArray(resourcesList) ? resourcesList : [];
  return list.map((each: unknown) => (isFields(each) && isFields(each['GuestUser']) ? each['GuestUser'] : each));
}
