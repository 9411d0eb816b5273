import { z } from 'zod';
import { ALARM_SEVERITIES, alarmDefinition, type AlarmEntry, type AlarmFilter } from '#libs/alarms';
import type { AlarmBook } from './alarm-book.ts';
import { alarmId, alarmOf } from './alarm-id.ts';
import { checkedBody } from './openapi-body.ts';
import { ENVELOPE_VERSION, messageError, OpenApiError, type OpenApiCall, type OpenApiRoute } from './openapi-route.ts';

const PATH = '/api/v1/alarms';

/** Our choice: the real bound is not known. */
const PAGE_SIZE_MAX = 1_000;
const IDS_MAX = 10_000;

const number = (max: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, 'a whole number')
    .transform(Number)
    .pipe(z.int().min(1).max(max));
const pageSchema = z.object({ page: number(1_000_000), size: number(PAGE_SIZE_MAX) });
const instant = z.iso.datetime({ offset: true }).transform(Date.parse).optional();
/** The filters are headers, as in the real API. */
const headersSchema = z.object({
  from: instant,
  to: instant,
  severity: z.enum(ALARM_SEVERITIES).optional(),
  isenode: z.string().max(64).optional(),
  keyword: z.string().max(200).optional(),
});
const ids = z.array(z.string().max(200)).max(IDS_MAX);

/** The alarms that were raised: the API of ISE 3.6 (fact sheet ise 4.2), which 3.5 does not have yet. */
export function alarmInstanceRoutes(alarms: AlarmBook): OpenApiRoute[] {
  return [
    {
      method: 'GET',
      path: `${PATH}/instances/{page}/{size}`,
      errors: messageError,
      run: async (call) => {
        const entries = await alarms.list(filterOf(call));
        const count = (severity: string): number => entries.filter((entry) => entry.severity === severity).length;
        const counts = {
          criticalSeverity: count('Critical'),
          warningSeverity: count('Warning'),
          infoSeverity: count('Info'),
        };
        return { status: 200, body: { ...pageOf(entries, call), ...counts } };
      },
    },
    {
      method: 'GET',
      path: `${PATH}/{alarmId}/instances/{page}/{size}`,
      errors: messageError,
      run: async (call) => {
        const alarm = alarmOf(call.params['alarmId']);
        if (!alarm) throw new OpenApiError(404, 'Alarm Id not found');
        const entries = await alarms.list({ ...filterOf(call), name: alarm.name });
        return { status: 200, body: pageOf(entries, call) };
      },
    },
    {
      method: 'GET',
      path: `${PATH}/instances/{instanceId}`,
      errors: messageError,
      run: async ({ params }) => {
        const entry = (await alarms.list({})).find(({ id }) => id === params['instanceId']);
        if (!entry) throw new OpenApiError(404, 'There is no alarm instance of this id');
        return { status: 200, body: { instance: shown(entry), version: ENVELOPE_VERSION } };
      },
    },
    {
      method: 'GET',
      path: `${PATH}/summary/groupByAlarms`,
      errors: messageError,
      run: async (call) => {
        const byName = Map.groupBy(await alarms.list(filterOf(call)), ({ name }) => name);
        return { status: 200, body: [...byName].map(([name, entries]) => summaryOf(name, entries)) };
      },
    },
    {
      method: 'PUT',
      path: `${PATH}/instances/acknowledge/acknowledgeByAlarmIDs`,
      errors: messageError,
      run: async ({ body, caller }) => {
        const { alarmIds } = checkedBody(body, z.strictObject({ alarmIds: ids }));
        const chosen = (await alarms.list({})).filter(({ name }) => alarmIds.includes(alarmId(name)));
        return acknowledged(
          await alarms.acknowledge(
            chosen.map(({ id }) => id),
            caller.name,
          ),
        );
      },
    },
    {
      method: 'PUT',
      path: `${PATH}/instances/acknowledge/acknowledgeByInstanceIds`,
      errors: messageError,
      run: async ({ body, caller }) => {
        const { instanceIds } = checkedBody(body, z.strictObject({ instanceIds: ids }));
        return acknowledged(await alarms.acknowledge(instanceIds, caller.name));
      },
    },
  ];
}

function filterOf({ header }: OpenApiCall): AlarmFilter {
  const given = Object.keys(headersSchema.shape).map((name) => [name, header(name)]);
  const { isenode: node, ...rest } = checkedBody(Object.fromEntries(given), headersSchema);
  return { ...rest, node };
}

function pageOf(entries: readonly AlarmEntry[], { params }: OpenApiCall) {
  const { page, size } = checkedBody(params, pageSchema);
  return {
    instances: entries.slice((page - 1) * size, page * size).map(shown),
    pageNumber: page,
    pageSize: size,
    totalPages: Math.ceil(entries.length / size),
    totalRecords: entries.length,
    version: ENVELOPE_VERSION,
  };
}

function shown(entry: AlarmEntry) {
  const { id, name, severity, node, details, occurrences, delivery, reason } = entry;
  const { description, suggestedAction } = alarmDefinition(name);
  return {
    instanceId: id,
    alarmId: alarmId(name),
    alarmName: name,
    severity,
    description,
    suggestedActions: suggestedAction,
    alarmDetails: details,
    /** Ours: what else is known of it. The real product has no word on its mail. */
    details: `Occurrences: ${occurrences}. Mail: ${delivery}${reason === undefined ? '' : ` (${reason})`}.`,
    detailsLink: '',
    iseNode: node,
    loggedAt: new Date(entry.lastRaisedAt).toISOString(),
    timeInterval: '',
  };
}

function summaryOf(name: string, entries: readonly AlarmEntry[]) {
  const { severity, description, suggestedAction } = alarmDefinition(name);
  return {
    alarmId: alarmId(name),
    alarmName: name,
    description,
    severity,
    suggestedAction,
    iseNodes: [...new Set(entries.map(({ node }) => node))].sort(),
    lastOccurredTime: new Date(Math.max(...entries.map(({ lastRaisedAt }) => lastRaisedAt))).toISOString(),
    occurrences: entries.reduce((sum, { occurrences }) => sum + occurrences, 0),
  };
}

function acknowledged(acknowledgedCount: number) {
  return { status: 200, body: { acknowledgedCount, version: ENVELOPE_VERSION } };
}
