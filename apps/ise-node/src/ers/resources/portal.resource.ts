import { z } from 'zod';
import { ErsException } from '../ers-exception.ts';
import { commonFields, text } from '../ers-fields.ts';
import { refuseNamesake } from '../refuse-rename.ts';
import type { ErsCall, ErsFields, ErsObject, ErsResource } from '../ers-resource.ts';
import { stableId } from '../../http/stable-id.ts';

export type PortalType = 'SPONSOR' | 'SELFREGGUEST' | 'SPONSOREDGUEST' | 'HOTSPOTGUEST';

/** Port of the portals on a PSN, as in Cisco's example (fact sheet ise 5.2). */
const PORTAL_PORT = 8445;

interface Portal extends ErsObject {
  name: string;
  portalType: PortalType;
}

const portalKey = (id: string): string => `portal/${id}`;

/** The portals every deployment begins with. */
const DEFAULT_PORTALS: readonly Portal[] = [
  builtIn('Sponsor Portal (default)', 'SPONSOR', 'Sponsors create and manage the accounts of their guests here'),
  builtIn('Self-Registered Guest Portal (default)', 'SELFREGGUEST', 'Guests register here by themselves'),
  builtIn('Sponsored Guest Portal (default)', 'SPONSOREDGUEST', 'Guests of sponsors sign in here'),
  builtIn('Hotspot Guest Portal (default)', 'HOTSPOTGUEST', 'Guests are let in without credentials'),
];

function builtIn(name: string, portalType: PortalType, description: string): Portal {
  const portalSettings = {
    httpsPort: PORTAL_PORT,
    allowedInterfaces: ['eth0'],
    certificateGroupTag: 'Default Portal Certificate Group',
    authenticationMethod: stableId('idstoresequence', 'Sponsor_Portal_Sequence'),
    idleTimeout: 10,
    displayLang: 'USEBROWSERLOCALE',
    fallbackLanguage: 'English',
  };
  const settings = {
    portalSettings,
    loginPageSettings: { maxFailedAttemptsBeforeRateLimit: 5, timeBetweenLoginsDuringRateLimit: 2 },
  };
  return { id: stableId('portal', name), name, description, portalType, settings };
}

/** The built-in portals, overlaid by what was saved, and further ones. */
export function portalsOf({ store }: ErsCall['context']): Portal[] {
  const byId = new Map(DEFAULT_PORTALS.map((portal) => [portal.id, portal]));
  for (const portal of store.list<Portal>(portalKey(''))) byId.set(portal.id, portal);
  return [...byId.values()];
}

/** Settings and customizations hold what the GUI writes; of their hundreds of fields nearly none has an effect here. */
const group = z.looseObject({}).optional();

export const PORTAL_SCHEMA = z.strictObject({
  ...commonFields,
  portalType: z.enum(['BYOD', 'HOTSPOTGUEST', 'MYDEVICE', 'SELFREGGUEST', 'SPONSOR', 'SPONSOREDGUEST']).optional(),
  portalTestUrl: text,
  settings: group,
  customizations: group,
});

/** All portals of a deployment, by name and type: read only. */
export const PORTAL_RESOURCE: ErsResource = {
  name: 'portal',
  wrapper: 'ERSPortal',
  namespace: 'identity',
  title: 'Portal',
  versions: ['2.0'],
  schema: z.strictObject({ ...commonFields, portalType: text }),
  required: [],
  filterFields: ['name', 'description'],
  sortFields: ['name', 'description'],
  byName: false,
  callers: 'administrators',
  list: ({ context }) =>
    portalsOf(context).map(({ id, name, description, portalType }) => ({
      id,
      name,
      description,
      portalType: portalType === 'SPONSOR' ? 'SPONSORPORTAL' : 'GUEST',
    })),
};

/** Sponsor portals with their settings (fact sheet ise 5.2). */
export const SPONSOR_PORTAL_RESOURCE: ErsResource = {
  name: 'sponsorportal',
  wrapper: 'SponsorPortal',
  namespace: 'identity',
  title: 'Sponsor Portal',
  versions: ['1.0'],
  schema: PORTAL_SCHEMA,
  required: ['name'],
  filterFields: ['name', 'description'],
  sortFields: ['name', 'description'],
  byName: false,
  callers: 'administrators',
  list: ({ context }) => shownPortals('SPONSOR', context),
  create: (input, call) => {
    const id = stableId('portal', `SPONSOR/${String(input['name'])}`);
    storePortal('SPONSOR', { settings: {}, customizations: {}, ...input, id }, call);
    return id;
  },
  update: (_present, next, call) => storePortal('SPONSOR', next, call),
  remove: ({ id }, call) => removePortal(id, call),
};

export function shownPortals(type: PortalType, context: ErsCall['context']): Portal[] {
  return portalsOf(context)
    .filter(({ portalType }) => portalType === type)
    .map((portal) => ({ ...portal, portalTestUrl: testUrl(portal, context) }));
}

/** @throws ErsException for another type, or a name that another portal has */
export function storePortal(type: PortalType, portal: ErsFields, call: ErsCall): void {
  const { id, name, portalType = type, portalTestUrl: _url, ...stored } = portal;
  if (portalType !== type) {
    throw new ErsException('APPLICATION_RESOURCE_VALIDATION_EXCEPTION', `The portalType must be ${type}`);
  }
  const others = portalsOf(call.context).filter((each) => each.id !== id);
  refuseNamesake('Portal', name, others);
  call.write(portalKey(String(id)), { ...stored, id, name, portalType });
}

/** @throws ErsException for a built-in portal */
export function removePortal(id: string, call: ErsCall): void {
  if (DEFAULT_PORTALS.some((portal) => portal.id === id)) {
    throw new ErsException('APPLICATION_RESOURCE_VALIDATION_EXCEPTION', 'A default portal cannot be deleted');
  }
  call.write(portalKey(id), null);
}

function testUrl({ id }: Portal, { settings }: ErsCall['context']): string {
  const [node = settings.deployment.primaryPan] = settings.deployment.policyServiceNodes;
  return `https://${node.fqdn}:${PORTAL_PORT}/portal/PortalSetup.action?portal=${id}`;
}
