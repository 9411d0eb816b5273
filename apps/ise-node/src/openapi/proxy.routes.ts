import { z } from 'zod';
import { proxySettingsSchema, type ProxySettings } from '#libs/settings';
import type { NodeContext } from '../node-context.ts';
import { CONFIG_KEYS } from '../node-settings.ts';
import { checkedBody } from './openapi-body.ts';
import { codeError, enveloped, type OpenApiRoute } from './openapi-route.ts';

/** Tells that there is a password, and keeps it when it comes back. */
const MASK = '*******';

const proxySchema = z.strictObject({
  fqdn: z.string().trim().max(253).default(''),
  port: z
    .union([
      z.int(),
      z
        .string()
        .regex(/^\d{1,5}$/)
        .transform(Number),
    ])
    .optional(),
  userName: z.string().max(256).default(''),
  password: z.string().max(256).default(''),
  passwordRequired: z.boolean().default(false),
  bypassHosts: z.string().max(4096).default(''),
});

/** Administration > System > Settings > Proxy (fact sheet ise 9). */
export function proxyRoutes({ settings }: NodeContext): OpenApiRoute[] {
  const path = '/api/v1/system-settings/proxy';
  return [
    { method: 'GET', path, errors: codeError, run: () => enveloped(shownProxy(settings.proxy)) },
    {
      method: 'PUT',
      path,
      errors: codeError,
      run: ({ body, config }) => {
        const { fqdn, port, userName, password, passwordRequired, bypassHosts } = checkedBody(body, proxySchema);
        const present = settings.proxy;
        const secret = password === MASK ? (present.password ?? '') : password;
        const next = checkedBody(
          {
            appliesToSmtp: present.appliesToSmtp,
            host: fqdn === '' ? null : fqdn,
            ...(port === undefined ? {} : { port }),
            bypassHosts: bypassHosts.split(',').flatMap((host) => (host.trim() === '' ? [] : [host.trim()])),
            ...(passwordRequired ? { userName, password: secret } : {}),
          },
          proxySettingsSchema,
        );
        config().write(CONFIG_KEYS.proxy, next);
        return enveloped(shownProxy(next));
      },
    },
  ];
}

function shownProxy({ host, port, userName, password, bypassHosts }: ProxySettings) {
  return {
    fqdn: host ?? '',
    port,
    userName: userName ?? '',
    password: password === undefined ? '' : MASK,
    passwordRequired: userName !== undefined,
    bypassHosts: bypassHosts.join(','),
  };
}
