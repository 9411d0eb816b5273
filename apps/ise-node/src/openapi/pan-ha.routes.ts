import { z } from 'zod';
import { healthCheckNodes, panFailoverFaults, panFailoverSchema, type PanFailoverSettings } from '#libs/deployment';
import type { NodeContext } from '../node-context.ts';
import { CONFIG_KEYS } from '../node-settings.ts';
import { nodeNamed } from './deployment.routes.ts';
import { checkedBody } from './openapi-body.ts';
import { enveloped, messageError, OpenApiError, succeeded, type OpenApiRoute } from './openapi-route.ts';

const hostname = z.strictObject({ hostname: z.string().min(1).max(64) }).optional();
const panHaSchema = z.strictObject({
  isEnabled: z.boolean(),
  primaryHealthCheckNode: hostname,
  secondaryHealthCheckNode: hostname,
  pollingInterval: panFailoverSchema.shape.pollingIntervalSeconds,
  failedAttempts: panFailoverSchema.shape.failedAttempts,
});
const switchedOffSchema = z.looseObject({ isEnabled: z.literal(false) });

/** Administration > System > Deployment > PAN Failover (fact sheet ise 2.3). */
export function panHaRoutes(context: NodeContext): OpenApiRoute[] {
  const path = '/api/v1/deployment/pan-ha';
  const { settings } = context;
  return [
    { method: 'GET', path, errors: messageError, run: () => enveloped(shown(settings.panFailover)) },
    {
      method: 'PUT',
      path,
      errors: messageError,
      run: ({ body, config }) => {
        // What comes along with a switching off does not count.
        const next = switchedOffSchema.safeParse(body).success
          ? { ...settings.panFailover, enabled: false }
          : readPanHa(checkedBody(body, panHaSchema));
        for (const name of next.enabled ? healthCheckNodes(next) : []) nodeNamed(context, name);
        const faults = panFailoverFaults(next, settings.deployment);
        if (faults.length > 0) throw new OpenApiError(400, faults.join('; '));
        config().write(CONFIG_KEYS.panFailover, next);
        return succeeded(`Automatic failover of the PAN is ${next.enabled ? 'enabled' : 'disabled'}`);
      },
    },
  ];
}

function readPanHa(body: z.infer<typeof panHaSchema>): PanFailoverSettings {
  const {
    isEnabled: enabled,
    primaryHealthCheckNode,
    secondaryHealthCheckNode,
    pollingInterval,
    failedAttempts,
  } = body;
  return {
    enabled,
    primaryHealthCheckNode: primaryHealthCheckNode?.hostname,
    secondaryHealthCheckNode: secondaryHealthCheckNode?.hostname,
    pollingIntervalSeconds: pollingInterval,
    failedAttempts,
  };
}

function shown(settings: PanFailoverSettings) {
  const { enabled, primaryHealthCheckNode, secondaryHealthCheckNode, pollingIntervalSeconds, failedAttempts } =
    settings;
  return {
    isEnabled: enabled,
    ...(primaryHealthCheckNode === undefined ? {} : { primaryHealthCheckNode: { hostname: primaryHealthCheckNode } }),
    ...(secondaryHealthCheckNode === undefined
      ? {}
      : { secondaryHealthCheckNode: { hostname: secondaryHealthCheckNode } }),
    pollingInterval: pollingIntervalSeconds,
    failedAttempts,
  };
}
