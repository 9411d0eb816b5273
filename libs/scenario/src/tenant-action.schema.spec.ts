import { readActions } from './live.ts';
import { isTenantAction, TENANT_ACTION_SCHEMAS } from './tenant-action.schema.ts';

function read(raw: object) {
  const result = readActions(raw);
  if (result.kind !== 'actions') throw new Error(result.mistakes.join('; '));
  return result.actions.map((action) => JSON.parse(JSON.stringify(action)));
}

function mistakesIn(raw: object): string {
  const result = readActions(raw);
  return result.kind === 'mistakes' ? result.mistakes.join('; ') : '';
}

describe('an action in Entra or Exchange', () => {
  it('keeps what is given, with durations in milliseconds or, where the model has them so, seconds', () => {
    expect(
      read({
        'entra.settings': { secretReplicationLag: '45s', newApplicationLag: '0s' },
        'entra.policies': {
          tokenLifetime: '10m',
          throttling: { requestsMax: 5, window: '1m', retryAfter: '60s' },
          loopDetection: null,
        },
        'exchange.settings': { permissionPropagation: { deny: '0s', flap: '30m', flapEvery: '5m' } },
      }),
    ).toEqual([
      { name: 'entra.settings', secretReplicationLagMs: 45_000, newApplicationLagMs: 0 },
      {
        name: 'entra.policies',
        tokenLifetimeS: 600,
        throttling: { requestsMax: 5, windowMs: 60_000, retryAfterS: 60, answer: 'plain-text' },
        loopDetection: null,
      },
      { name: 'exchange.settings', permissionPropagation: { denyMs: 0, flapMs: 1_800_000, flapEveryMs: 300_000 } },
    ]);
  });

  it('runs one line of PowerShell or several', () => {
    expect(read({ 'exchange.run': 'Get-ServicePrincipal' })).toEqual([
      { name: 'exchange.run', lines: ['Get-ServicePrincipal'] },
    ]);
    expect(read({ 'exchange.run': ['Get-Mailbox', 'Get-CASMailbox'] })).toMatchObject([
      { lines: ['Get-Mailbox', 'Get-CASMailbox'] },
    ]);
  });

  it.each<[object, RegExp]>([
    [{ 'exchange.run': [] }, /exchange\.run/],
    [{ 'exchange.run': ' ' }, /exchange\.run/],
    [{ 'entra.settings': { secretReplicationLag: '-5s' } }, /a duration such as 90s, 65m or 0s/],
    [{ 'entra.settings': { serviceHealth: { status: 'down', httpStatus: 200 } } }, /serviceHealth\.httpStatus/],
    [{ 'entra.policies': { throttling: { requestsMax: -1, window: '1m', retryAfter: '1m' } } }, /requestsMax/],
    [{ 'exchange.mailbox': { conditions: ['fool'] } }, /exchange\.mailbox\.conditions/],
    [{ 'exchange.conditions': { isUnavailable: 'yes' } }, /true or false/],
    [{ 'exchange.usage': { connections: 1.5 } }, /a whole number from 0/],
  ])('refuses %j', (raw, mistake) => {
    expect(mistakesIn(raw)).toMatch(mistake);
  });

  it('is told from the others by its name', () => {
    expect(Object.keys(TENANT_ACTION_SCHEMAS).every((name) => isTenantAction({ name }))).toBe(true);
    expect(isTenantAction({ name: 'network.egress' })).toBe(false);
  });
});
