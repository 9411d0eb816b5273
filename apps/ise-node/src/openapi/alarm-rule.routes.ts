import { z } from 'zod';
import {
  ALARM_CATALOGUE,
  alarmRule,
  alarmRuleSchema,
  type AlarmDefinition,
  type AlarmRule,
  type AlarmSettings,
} from '#libs/alarms';
import type { NodeContext } from '../node-context.ts';
import { CONFIG_KEYS } from '../node-settings.ts';
import { alarmId, alarmOf } from './alarm-id.ts';
import { checkedBody } from './openapi-body.ts';
import { ENVELOPE_VERSION, messageError, OpenApiError, type OpenApiRoute } from './openapi-route.ts';

const PATH = '/api/v1/alarms';

/** The real numbers are not known, but for an example that has 1. */
const SEVERITY_NUMBERS = { Critical: 1, Warning: 2, Info: 3 } as const;

const MINUTES = { Days: 1_440, Hours: 60, Minutes: 1, Seconds: 1 / 60 } as const;

/** What a mail's frequency consists of; a rule has whole minutes, a rest is one more. */
const frequency = {
  emailFrequencyEnabled: z.boolean().optional(),
  emailFrequency: z.int().min(0).max(10_000_000).optional(),
  emailFrequencyUnit: z.enum(['Days', 'Hours', 'Minutes', 'Seconds']).default('Minutes'),
};
const status = z.enum(['Enabled', 'Disabled', 'Muted']).optional();
const suppression = z.strictObject({ suppressFor: z.int().optional() }).default({});
const listed = z.literal(true, 'an alarm that is not to be listed is Disabled').optional();
const unavailable = z.literal(false, 'alarms go out by mail alone').optional();

const changeSchema = z.strictObject({
  status,
  emailNotification: z.boolean().optional(),
  senderMailAddress: z.string().max(320).optional(),
  receiverEmailAddress: z.string().max(32_768).optional(),
  emailText: z.string().optional(),
  suppression,
  ...frequency,
});

/** A rule as `GET` shows it; what is of no effect here can only be as it is. */
const ruleSchema = changeSchema.extend({
  id: z.string().optional(),
  name: z.string(),
  description: z.string(),
  severity: z.int(),
  suggestedAction: z.string(),
  category: z.string().optional(),
  dashboardNotification: listed,
  enabledSyslog: unavailable,
  isUserDefined: z.literal(false, 'there are the alarms of the catalogue alone').optional(),
  webhookNotification: unavailable,
  webhookFrequencyEnabled: unavailable,
  webhookReceiver: z.array(z.string()).max(0, 'alarms go out by mail alone').optional(),
});

/** Several at once: fields have other names there. */
const bulkSchema = z
  .array(
    z.strictObject({
      id: z.string(),
      status,
      dashboardNotification: z.strictObject({ status: listed }).optional(),
      emailNotification: z
        .strictObject({
          recipientEmail: z.string().max(32_768).optional(),
          senderEmail: z.string().max(320).optional(),
          syslog: unavailable,
          ...frequency,
        })
        .optional(),
      suppression,
    }),
  )
  .min(1)
  .max(ALARM_CATALOGUE.length);

/**
 * Administration > System > Settings > Alarm Settings: the API of ISE 3.6 (fact sheet ise 4.2), which 3.5 does not have
 * yet. Alarms of one's own, thresholds, syslog and webhooks are no part of it.
 */
export function alarmRuleRoutes({ settings }: NodeContext): OpenApiRoute[] {
  const shown = (alarm: AlarmDefinition) => shownRule(alarm, settings.alarms);
  const ruleOf = (id?: string): AlarmDefinition => {
    const found = alarmOf(id);
    if (found) return found;
    throw new OpenApiError(404, 'Alarm Id not found');
  };
  const withRules = (rules: readonly { name: string; change: AlarmRule }[]): AlarmSettings => {
    const { alarms } = settings;
    const changed = rules.map(({ name, change }) => [name, { ...alarms.perAlarm[name], ...change }] as const);
    return { ...alarms, perAlarm: { ...alarms.perAlarm, ...Object.fromEntries(changed) } };
  };
  return [
    {
      method: 'GET',
      path: PATH,
      errors: messageError,
      run: () => ({ status: 200, body: { rulesRes: ALARM_CATALOGUE.map(shown), version: ENVELOPE_VERSION } }),
    },
    {
      method: 'GET',
      path: `${PATH}/{id}`,
      errors: messageError,
      run: ({ params }) => ({
        status: 200,
        body: { alarmRule: shown(ruleOf(params['id'])), version: ENVELOPE_VERSION },
      }),
    },
    {
      method: 'PUT',
      path: `${PATH}/{id}`,
      errors: messageError,
      run: ({ params, body, config }) => {
        const alarm = ruleOf(params['id']);
        const request = checkedBody(body, ruleSchema);
        const present = shown(alarm);
        for (const field of ['id', 'name', 'description', 'severity', 'suggestedAction', 'category'] as const) {
          const fixed = present[field];
          if ((request[field] ?? fixed) !== fixed) throw new OpenApiError(400, `${field}: cannot be changed`);
        }
        config().write(CONFIG_KEYS.alarms, withRules([{ name: alarm.name, change: readChange(request, present) }]));
        return { status: 200, body: { alarmRule: shown(alarm), version: ENVELOPE_VERSION } };
      },
    },
    {
      method: 'PUT',
      path: PATH,
      errors: messageError,
      run: ({ body, config }) => {
        const rules = checkedBody(body, bulkSchema).map((request) => {
          const alarm = ruleOf(request.id);
          const { recipientEmail, senderEmail, ...mail } = request.emailNotification ?? {
            emailFrequencyUnit: 'Minutes',
          };
          const change = {
            status: request.status,
            suppression: request.suppression,
            receiverEmailAddress: recipientEmail,
            senderMailAddress: senderEmail,
            ...mail,
          };
          return { name: alarm.name, change: readChange(change, shown(alarm)), alarm };
        });
        config().write(CONFIG_KEYS.alarms, withRules(rules));
        return {
          status: 200,
          body: { alarmList: rules.map(({ alarm }) => shownInBulk(shown(alarm))), version: ENVELOPE_VERSION },
        };
      },
    },
  ];
}

type Change = Partial<z.infer<typeof changeSchema>>;

/** What is absent stays; an empty sender or text is none. @throws OpenApiError naming every faulty field */
function readChange(request: Change, present: { emailFrequency: number }): AlarmRule {
  const { emailNotification, senderMailAddress, receiverEmailAddress, emailText } = request;
  const minutes = minutesOf(request, present.emailFrequency);
  const typed = {
    ...(request.status === undefined
      ? {}
      : { enabled: request.status !== 'Disabled', muted: request.status === 'Muted' }),
    ...(emailNotification === undefined ? {} : { emailNotification }),
    ...(receiverEmailAddress === undefined ? {} : { addresses: addressesIn(receiverEmailAddress) }),
    ...(senderMailAddress === undefined ? {} : { sender: senderMailAddress.trim() || undefined }),
    ...(emailText === undefined ? {} : { emailText: emailText || undefined }),
    ...(request.suppression?.suppressFor === undefined ? {} : { suppressForMinutes: request.suppression.suppressFor }),
    ...(minutes === undefined ? {} : { emailFrequencyMinutes: minutes }),
  };
  // Keys that are there and undefined take away what was set before.
  return { ...typed, ...checkedBody(typed, alarmRuleSchema) };
}

function minutesOf(request: Change, present: number): number | undefined {
  const { emailFrequencyEnabled: enabled, emailFrequency, emailFrequencyUnit = 'Minutes' } = request;
  if (enabled === false) return 0;
  if (emailFrequency !== undefined && (enabled || emailFrequency > 0)) {
    if (emailFrequency === 0) throw new OpenApiError(400, 'emailFrequency: at least 1');
    return Math.ceil(emailFrequency * MINUTES[emailFrequencyUnit]);
  }
  if (enabled && present === 0) throw new OpenApiError(400, 'emailFrequency: required');
  return undefined;
}

function addressesIn(list: string): string[] {
  return list.split(',').flatMap((address) => address.trim() || []);
}

function shownRule(alarm: AlarmDefinition, settings: AlarmSettings) {
  const { name, category, severity, description, suggestedAction } = alarm;
  const rule = alarmRule(name, settings);
  return {
    id: alarmId(name),
    name,
    category,
    description,
    severity: SEVERITY_NUMBERS[severity],
    suggestedAction,
    status: rule.enabled ? (rule.muted ? 'Muted' : 'Enabled') : 'Disabled',
    dashboardNotification: true,
    emailNotification: rule.emailNotification,
    senderMailAddress: rule.sender ?? '',
    receiverEmailAddress: rule.addresses.join(', '),
    emailText: rule.emailText ?? '',
    emailFrequencyEnabled: rule.emailFrequencyMinutes > 0,
    emailFrequency: rule.emailFrequencyMinutes,
    emailFrequencyUnit: 'Minutes',
    enabledSyslog: false,
    suppression: { suppressFor: rule.suppressForMinutes },
    isUserDefined: false,
    webhookNotification: false,
    webhookFrequencyEnabled: false,
    webhookReceiver: [],
  };
}

function shownInBulk(rule: ReturnType<typeof shownRule>) {
  const { id, status: shownStatus, dashboardNotification, enabledSyslog: syslog, suppression: suppressed } = rule;
  const { emailFrequency, emailFrequencyEnabled, emailFrequencyUnit, senderMailAddress: senderEmail } = rule;
  return {
    id,
    status: shownStatus,
    dashboardNotification: { status: dashboardNotification },
    emailNotification: {
      recipientEmail: addressesIn(rule.receiverEmailAddress),
      senderEmail,
      emailFrequencyEnabled,
      emailFrequency,
      emailFrequencyUnit,
      syslog,
    },
    suppression: suppressed,
  };
}
