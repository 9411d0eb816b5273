import { Random, VirtualClock } from '#libs/simulation';
import { JWT_BEARER, type AssertionFinding } from './client-assertion.ts';
import { EntraDirectory } from './entra-directory.ts';
import type { TokenRefusalReason } from './entra-refusal.ts';
import { judgeTokenRequest } from './token-judgement.ts';
import type { TokenRequest } from './token-request.ts';

const NOW = Date.parse('2026-02-02T05:00:00Z');
const DAY = 86_400_000;
const EXCHANGE = '00000002-0000-0ff1-ce00-000000000000';

/** A token request that would succeed, in a directory where it would. */
interface World {
  directory: EntraDirectory;
  tenantId: string;
  clientId: string;
  secretId: string;
  request: TokenRequest;
  assertion?: AssertionFinding;
  now: number;
}

type Part =
  'service' | 'policy' | 'method' | 'tenant' | 'traffic' | 'grant' | 'client' | 'principal' | 'credential' | 'scope';

interface Deviation {
  reason: TokenRefusalReason;
  change: (world: World) => void;
  /** What it alters: two deviations of one part cannot both be. */
  part: Part;
  /** Parts that must be as they should, or there is nothing for it to deviate from. */
  needs?: readonly Part[];
}

function request(reason: TokenRefusalReason, part: Part, changes: Partial<TokenRequest>): Deviation {
  return { reason, part, change: (world) => Object.assign(world.request, changes) };
}

function badAssertion(reason: TokenRefusalReason, finding: AssertionFinding): Deviation {
  return {
    reason,
    part: 'credential',
    change: (world) => {
      Object.assign(world.request, { clientSecret: '', clientAssertion: 'a.b.c', clientAssertionType: JWT_BEARER });
      world.assertion = finding;
    },
  };
}

/** In the order in which they must answer (fact sheet microsoft 1.5, 8.1), independent of the list in the code. */
const DEVIATIONS: readonly Deviation[] = [
  {
    reason: 'service-degraded',
    part: 'service',
    change: ({ directory }) => directory.changeSettings({ serviceHealth: { status: 'degraded', aadsts: 90033 } }),
  },
  {
    reason: 'throttled',
    part: 'traffic',
    needs: ['tenant'],
    change: ({ directory, tenantId, clientId, now }) => {
      const throttling = { requestsMax: 0, windowMs: 60_000, retryAfterS: 60, answer: 'plain-text' } as const;
      directory.changePolicies(tenantId, { throttling });
      directory.traffic.record(tenantId, clientId, now);
    },
  },
  request('method', 'method', { method: 'GET' }),
  request('tenant-malformed', 'tenant', { tenant: 'not a tenant' }),
  request('tenant-unknown', 'tenant', { tenant: 'nowhere.example' }),
  request('grant-type', 'grant', { grantType: 'password' }),
  request('parameter-missing', 'grant', { grantType: '' }),
  request('parameter-missing', 'client', { clientId: '' }),
  request('parameter-missing', 'scope', { scope: '' }),
  request('tenant-not-specific', 'tenant', { tenant: 'common' }),
  {
    reason: 'request-loop',
    part: 'traffic',
    needs: ['tenant', 'client'],
    change: ({ directory, tenantId, clientId, now }) => {
      directory.changePolicies(tenantId, { loopDetection: { requestsMax: 0, windowMs: 60_000 } });
      directory.traffic.record(tenantId, clientId, now);
    },
  },
  request('client-id-invalid', 'client', { clientId: 'ise' }),
  request('application-unknown', 'client', { clientId: '22222222-2222-4222-8222-222222222222' }),
  {
    reason: 'application-too-new',
    part: 'client',
    change: ({ directory }) => directory.changeSettings({ newApplicationLagMs: 100 * DAY }),
  },
  {
    reason: 'application-disabled',
    part: 'client',
    change: ({ directory, tenantId, clientId }) =>
      directory.applications.update(tenantId, clientId, { disabledByMicrosoft: true }),
  },
  {
    reason: 'service-principal-missing',
    part: 'principal',
    change: ({ directory, tenantId, clientId }) => directory.servicePrincipals.delete(tenantId, clientId),
  },
  request('secret-missing', 'credential', { clientSecret: '' }),
  badAssertion('assertion-malformed', { kind: 'bad', fault: { kind: 'malformed' } }),
  badAssertion('certificate-unknown', { kind: 'bad', fault: { kind: 'key-unknown', thumbprint: 'AA' } }),
  request('secret-wrong', 'credential', { clientSecret: 'wrong' }),
  {
    reason: 'secret-is-the-id',
    part: 'credential',
    change: (world) => (world.request.clientSecret = world.secretId),
  },
  {
    reason: 'secret-expired',
    part: 'credential',
    change: ({ directory, tenantId, now }) => {
      for (const { secrets } of directory.findTenant(tenantId)?.applications ?? []) {
        for (const secret of secrets) secret.endsAt = now;
      }
    },
  },
  {
    reason: 'secret-too-new',
    part: 'credential',
    change: ({ directory }) => directory.changeSettings({ secretReplicationLagMs: 100 * DAY }),
  },
  request('scope-malformed', 'scope', { scope: 'https://outlook.office.com"/.default' }),
  request('scope-of-two-resources', 'scope', { scope: 'https://a.example/.default https://b.example/.default' }),
  request('scope-without-default', 'scope', { scope: 'https://outlook.office.com/SMTP.Send' }),
  request('resource-unknown', 'scope', { scope: 'https://mail.lab.example/.default' }),
  {
    reason: 'resource-unknown',
    part: 'scope',
    change: ({ directory, tenantId }) => directory.servicePrincipals.delete(tenantId, EXCHANGE),
  },
  {
    reason: 'resource-disabled',
    part: 'scope',
    change: ({ directory, tenantId }) =>
      directory.servicePrincipals.update(tenantId, EXCHANGE, { accountEnabled: false }),
  },
  {
    reason: 'assignment-required',
    part: 'scope',
    change: ({ directory, tenantId }) => {
      directory.servicePrincipals.update(tenantId, EXCHANGE, { appRoleAssignmentRequired: true });
      const tenant = directory.findTenant(tenantId);
      for (const { id } of tenant?.appRoleAssignments ?? []) {
        directory.servicePrincipals.removeAppRoleAssignment(tenantId, id);
      }
    },
  },
  {
    reason: 'conditional-access',
    part: 'policy',
    change: ({ directory, tenantId, clientId }) =>
      directory.changePolicies(tenantId, { blockedByConditionalAccess: [clientId] }),
  },
];

function inWorld<T>(test: (world: World) => T): Promise<T> {
  return VirtualClock.run({ startAt: NOW }, async (clock) => {
    const directory = new EntraDirectory({ clock, random: new Random('7') });
    const { tenantId } = directory.createTenant({ displayName: 'Lab', verifiedDomains: ['lab.example'] });
    const { clientId } = directory.registerApplication(tenantId, { displayName: 'ISE mail' });
    const period = { displayName: 'x', startsAt: NOW, endsAt: NOW + 30 * DAY };
    const { secretId, value } = directory.addSecret(tenantId, clientId, period);
    directory.addPermission(tenantId, clientId, 'SMTP.SendAsApp');
    directory.grantAdminConsent(tenantId, clientId);
    return test({
      directory,
      tenantId,
      clientId,
      secretId,
      now: NOW,
      request: {
        method: 'POST',
        tenant: tenantId,
        grantType: 'client_credentials',
        clientId,
        clientSecret: value,
        clientAssertion: '',
        clientAssertionType: '',
        scope: 'https://outlook.office.com/.default',
        handlesRevocation: false,
        hasTelemetry: false,
      },
    });
  });
}

function judge({ request: asked, directory, now, assertion }: World): string {
  const judgement = judgeTokenRequest(asked, directory, now, assertion);
  return judgement.kind === 'refused' ? judgement.refusal.reason : 'granted';
}

function canBothBe(earlier: Deviation, later: Deviation): boolean {
  return earlier.part !== later.part && !earlier.needs?.includes(later.part);
}

const INDEXED = DEVIATIONS.map((deviation, index) => ({ index, reason: deviation.reason, part: deviation.part }));

describe('order of the checks of the token endpoint', () => {
  it.each(INDEXED)('refuses $reason ($part) alone', async ({ index, reason }) => {
    const answer = await inWorld((world) => {
      expect(judge(world)).toBe('granted');
      DEVIATIONS[index]?.change(world);
      return judge(world);
    });
    expect(answer).toBe(reason);
  });

  it.each(INDEXED)('lets the earlier check answer when $reason ($part) comes with another', async ({ index }) => {
    const one = DEVIATIONS[index];
    if (!one) throw new RangeError('no such deviation');
    let pairs = 0;
    for (const [otherIndex, other] of DEVIATIONS.entries()) {
      const [earlier, later] = index < otherIndex ? [one, other] : [other, one];
      if (index === otherIndex || !canBothBe(earlier, later)) continue;
      pairs += 1;
      const answer = await inWorld((world) => {
        one.change(world);
        other.change(world);
        return judge(world);
      });
      expect([one.reason, other.reason, answer]).toEqual([one.reason, other.reason, earlier.reason]);
    }
    expect(pairs).toBeGreaterThan(0);
  });
});
