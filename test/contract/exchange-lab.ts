import { importJWK, SignJWT, type JWTPayload } from 'jose';
import { Journal, Random, RealClock, VirtualClock, type Clock } from '#libs/simulation';
import {
  ExchangeAdminApi,
  ExchangeMock,
  ExchangeOnline,
  NO_PROCESSING,
  USUAL_PROCESSING,
  type ExchangeOrganization,
  type ExchangeSettings,
  type PasswordVerdict,
  type ProcessingTimes,
  type StartedExchangeAdminApi,
  type StartedExchangeMock,
} from '#mocks/exchange';
import { LabPki, publishedLabKeys } from '#mocks/pki';
import { openSecured, xoauth2, type SmtpDialogue } from './smtp-dialogue.ts';

export const START = Date.parse('2026-02-02T05:00:00Z');
export const MAILBOX = 'ise@lab.example';
export const TENANT = 'aaaaaaaa-0000-4000-8000-000000000001';
export const OTHER_TENANT = 'aaaaaaaa-0000-4000-8000-000000000002';
export const APP = 'bbbbbbbb-0000-4000-8000-000000000001';
export const ENTERPRISE = 'cccccccc-0000-4000-8000-000000000001';

const KEY_ID = 'lab-key';

/** Exchange Online alone, with tokens that are signed here: two organizations, the first of which is healthy. */
export interface ExchangeLab {
  clock: Clock;
  journal: Journal;
  online: ExchangeOnline;
  organization: ExchangeOrganization;
  other: ExchangeOrganization;
  exchange: ExchangeMock;
  exchangeServer: StartedExchangeMock;
  adminApi: StartedExchangeAdminApi;
  smtpRoot: string;
}

export interface ExchangeLabSettings {
  settings?: Partial<ExchangeSettings>;
  processing?: ProcessingTimes;
  verifyPassword?: (user: string, password: string) => PasswordVerdict;
}

export async function inExchangeLab<T>(
  settings: ExchangeLabSettings,
  test: (lab: ExchangeLab) => Promise<T>,
): Promise<T> {
  return VirtualClock.run({ startAt: START }, (clock) => inLab(clock, settings, test));
}

/** For clients in processes of their own, which know nothing of virtual time; the service takes none to think. */
export function inRealTimeExchangeLab<T>(test: (lab: ExchangeLab) => Promise<T>): Promise<T> {
  return inLab(new RealClock(), { processing: NO_PROCESSING }, test);
}

async function inLab<T>(
  clock: Clock,
  { settings = {}, processing = USUAL_PROCESSING, verifyPassword }: ExchangeLabSettings,
  test: (lab: ExchangeLab) => Promise<T>,
): Promise<T> {
  const random = new Random('7');
  const journal = new Journal(clock);
  const pki = await LabPki.issue({ validFrom: clock.now(), clock });
  const online = new ExchangeOnline({ clock });
  const organization = online.createOrganization({
    tenantId: TENANT,
    domain: 'lab.example',
    random: random.stream('lab'),
    ...(verifyPassword ? { verifyPassword } : {}),
  });
  const other = online.createOrganization({
    tenantId: OTHER_TENANT,
    domain: 'other.example',
    random: random.stream('other'),
  });
  organization.createMailbox({ address: MAILBOX, displayName: 'ISE' });
  organization.newServicePrincipal({ appId: APP, objectId: ENTERPRISE });
  organization.addMailboxPermission({ mailbox: MAILBOX, user: APP, accessRights: ['FullAccess'] });
  other.createMailbox({ address: 'ise@other.example', displayName: 'ISE' });
  online.markSeed();
  const { kty, n, e } = publishedLabKeys()['token-signing'];
  const parts = {
    online,
    keysOf: async () => ({ keys: [{ kty, n, e, kid: KEY_ID, use: 'sig' }] }),
    clock,
    journal,
    random,
    credentials: pki.serverCredentials('smtp'),
    settings,
    processing,
  };
  const exchange = new ExchangeMock(parts);
  const exchangeServer = await exchange.start();
  const adminApi = await new ExchangeAdminApi({ ...parts, settings: () => exchangeServer.settings }).start();
  const smtpRoot = pki.authorities.find(({ kind, peer }) => kind === 'root' && peer === 'smtp')?.certificatePem ?? '';
  try {
    return await test({ clock, journal, online, organization, other, exchange, exchangeServer, adminApi, smtpRoot });
  } finally {
    await exchangeServer.close();
    await adminApi.close();
  }
}

/** An access token as Entra would issue it now, but for what `changes` says; `undefined` takes a claim away. */
export async function aToken(
  lab: Pick<ExchangeLab, 'clock'>,
  changes: JWTPayload = {},
  signing: { key?: 'token-signing' | 'smtp-leaf'; kid?: string; alg?: 'RS256' | 'PS256' } = {},
): Promise<string> {
  const now = Math.floor(lab.clock.now() / 1000);
  const claims: JWTPayload = {
    aud: 'https://outlook.office.com',
    iss: `https://sts.windows.net/${typeof changes['tid'] === 'string' ? changes['tid'] : TENANT}/`,
    nbf: now - 300,
    exp: now + 3_600,
    tid: TENANT,
    appid: APP,
    oid: ENTERPRISE,
    roles: ['SMTP.SendAsApp'],
    ...changes,
  };
  const { alg = 'RS256' } = signing;
  return lab.clock.hold(async () =>
    new SignJWT(claims)
      .setProtectedHeader({ alg, kid: signing.kid ?? KEY_ID })
      .sign(await importJWK({ ...publishedLabKeys()[signing.key ?? 'token-signing'] }, alg)),
  );
}

/** A session that has authenticated for the mailbox. */
export async function openAuthenticated(lab: ExchangeLab, user = MAILBOX): Promise<SmtpDialogue> {
  const smtp = await openSecured(lab);
  const [reply = ''] = await smtp.say(`AUTH XOAUTH2 ${xoauth2(user, await aToken(lab))}`);
  if (!reply.startsWith('235 ')) throw new Error(`AUTH was refused: ${reply}`);
  return smtp;
}

/** A mail of one line; the reply to its end, or the first refusal before. */
export async function submit(
  smtp: SmtpDialogue,
  { from = MAILBOX, to = ['guest@visitor.example'], header = [] as string[], body = 'hello' } = {},
): Promise<string> {
  for (const line of [`MAIL FROM:<${MAILBOX}>`, ...to.map((address) => `RCPT TO:<${address}>`), 'DATA']) {
    const [reply = ''] = await smtp.say(line);
    if (!/^[23]/.test(reply)) return reply;
  }
  const lines = [`From: ${from}`, 'Subject: test', 'Message-ID: <1@ise.lab.example>', ...header, '', body, '.'];
  const [reply = ''] = await smtp.say(lines.join('\r\n'));
  return reply;
}

/** The latest journal record of this kind. */
export function lastOf(lab: Pick<ExchangeLab, 'journal'>, kind: string) {
  return lab.journal.records.findLast((record) => record.kind === kind);
}
