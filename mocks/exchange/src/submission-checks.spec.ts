import { Random } from '#libs/simulation';
import { ExchangeOnline } from './exchange-online.ts';
import { USUAL_SETTINGS } from './exchange-settings.ts';
import { judgeSubmission } from './submission-checks.ts';

const APP = 'bbbbbbbb-0000-4000-8000-000000000001';
const ENTERPRISE = 'cccccccc-0000-4000-8000-000000000001';
const MAILBOX = 'ise@lab.example';
const SPONSOR = 'sponsor@lab.example';

function anExchange() {
  const online = new ExchangeOnline();
  const tenantId = 'aaaaaaaa-0000-4000-8000-000000000001';
  const lab = online.createOrganization({ tenantId, domain: 'lab.example', random: new Random('1') });
  lab.createMailbox({ address: MAILBOX, displayName: 'ISE' });
  lab.createMailbox({ address: SPONSOR, displayName: 'Sponsor' });
  lab.newServicePrincipal({ appId: APP, objectId: ENTERPRISE });
  lab.addMailboxPermission({ mailbox: MAILBOX, user: ENTERPRISE, accessRights: ['FullAccess'] });
  const sender = { mailbox: MAILBOX, application: { appId: APP, objectId: ENTERPRISE, hasTokenRole: true } };
  const judge = (headerFrom: string) =>
    judgeSubmission(
      { sender, sessionId: '1', headerFrom, recipients: 1, bytes: 100, isReadable: true },
      { online, settings: USUAL_SETTINGS, now: 0 },
    );
  return { lab, judge };
}

describe('checks at the end of DATA', () => {
  it('accepts a mail from the mailbox itself, whatever the case', () => {
    expect(anExchange().judge('ISE@lab.example')).toBeUndefined();
  });

  it('refuses with a transient code once FullAccess is taken away, and accepts once it is back', () => {
    const { lab, judge } = anExchange();
    lab.removeMailboxPermission({ mailbox: MAILBOX, user: APP });
    expect(judge(MAILBOX)).toMatchObject({ code: 430, reason: 'no-full-access' });
    lab.addMailboxPermission({ mailbox: MAILBOX, user: APP, accessRights: ['FullAccess'] });
    expect(judge(MAILBOX)).toBeUndefined();
  });

  it('does not take FullAccess on one mailbox for a right on another', () => {
    const { lab, judge } = anExchange();
    lab.removeMailboxPermission({ mailbox: MAILBOX, user: APP });
    lab.addMailboxPermission({ mailbox: SPONSOR, user: APP, accessRights: ['FullAccess'] });
    expect(judge(MAILBOX)).toMatchObject({ reason: 'no-full-access' });
  });

  it.each([SPONSOR, 'somebody@visitor.example', ''])('refuses the sender "%s" for good', (from) => {
    expect(anExchange().judge(from)).toMatchObject({ code: 554, reason: 'send-as-denied' });
  });

  it('accepts another sender with SendAs, until it is taken away', () => {
    const { lab, judge } = anExchange();
    lab.addRecipientPermission({ mailbox: SPONSOR, trustee: APP });
    expect(judge(SPONSOR)).toBeUndefined();
    lab.removeRecipientPermission({ mailbox: SPONSOR, trustee: APP });
    expect(judge(SPONSOR)).toMatchObject({ reason: 'send-as-denied' });
  });

  it('speaks of the missing right on the mailbox before it speaks of the sender', () => {
    const { lab, judge } = anExchange();
    lab.removeMailboxPermission({ mailbox: MAILBOX, user: APP });
    expect(judge(SPONSOR)).toMatchObject({ reason: 'no-full-access' });
  });
});
