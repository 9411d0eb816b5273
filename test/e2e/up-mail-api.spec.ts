import { MailpitClient } from 'mailpit-api';
import { LiveLab } from '../clients/live-lab.ts';

const { jest } = import.meta;
jest.setTimeout(60_000);

const PICTURE = Buffer.from('iVBORw0KGgo=', 'base64');

describe('the Mailpit client, unchanged, against isebed up', () => {
  let lab: LiveLab;
  let mailpit: MailpitClient;
  beforeAll(async () => {
    lab = await LiveLab.up(['--limits', 'none']);
    mailpit = new MailpitClient(lab.where.api.url);
  });
  afterAll(() => LiveLab.killAll());
  beforeEach(async () => {
    await mailpit.deleteMessages();
    const transport = lab.transport(await lab.token());
    await transport.sendMail({
      from: `"ISE" <${lab.where.mailbox}>`,
      to: '"Gerda Guest" <gerda@visitor.example>',
      cc: 'sponsor@lab.example',
      bcc: 'hidden@lab.example',
      replyTo: 'help@lab.example',
      subject: 'Your Guest Account Credentials',
      text: 'Username: 1001\n',
      html: '<p>Username: <b>1001</b></p>',
      messageId: '<first@ise.example>',
      attachments: [{ filename: 'logo.png', content: PICTURE, contentType: 'image/png' }],
    });
    await transport.sendMail({ from: lab.where.mailbox, to: 'admin@lab.example', subject: 'Alarm', text: 'High load' });
    transport.close();
  });

  it('lists mails, newest first, in pages', async () => {
    const all = await mailpit.listMessages();
    expect(all).toMatchObject({ total: 2, unread: 2, messages_count: 2, messages_unread: 2, start: 0 });
    expect(all.messages.map(({ Subject }) => Subject)).toEqual(['Alarm', 'Your Guest Account Credentials']);
    expect(all.messages[1]).toMatchObject({
      From: { Name: 'ISE', Address: lab.where.mailbox },
      To: [{ Name: 'Gerda Guest', Address: 'gerda@visitor.example' }],
      Cc: [{ Address: 'sponsor@lab.example' }],
      Bcc: [{ Address: 'hidden@lab.example' }],
      ReplyTo: [{ Address: 'help@lab.example' }],
      MessageID: 'first@ise.example',
      Attachments: 1,
      Read: false,
      Snippet: 'Username: 1001',
      Username: lab.where.mailbox,
    });
    expect((await mailpit.listMessages(1, 1)).messages.map(({ Subject }) => Subject)).toEqual([
      'Your Guest Account Credentials',
    ]);
  });

  it.each([
    ['to:gerda', 1],
    ['from:no-reply', 2],
    ['cc:sponsor bcc:hidden', 1],
    ['subject:"guest account"', 1],
    ['-subject:alarm', 1],
    ['message-id:first@ise.example', 1],
    ['is:unread', 2],
    ['is:read', 0],
    ['has:attachment', 1],
    ['after:2020-01-01 before:2020-01-02', 0],
    ['after:2020-01-01', 2],
    ['addressed:lab.example', 2],
    ['"high load"', 1],
    ['username 1001', 1],
  ])('finds with %s %s mail(s)', async (query, count) => {
    expect((await mailpit.searchMessages({ query })).messages_count).toBe(count);
  });

  it('answers a query that it does not understand with the reason', async () => {
    await expect(mailpit.searchMessages({ query: 'after:yesterday' })).rejects.toThrow('is no date');
    await expect(mailpit.searchMessages({ query: 'after:2026-01-01', tz: 'Mars' })).rejects.toThrow('is no time zone');
  });

  it('gives a mail with its parts, headers and source, and counts it as read', async () => {
    const { messages } = await mailpit.searchMessages({ query: 'to:gerda' });
    const id = messages[0]?.ID ?? '';
    const message = await mailpit.getMessageSummary(id);
    expect(message).toMatchObject({
      Text: expect.stringContaining('Username: 1001'),
      HTML: expect.stringContaining('<b>1001</b>'),
    });
    expect(message.ReturnPath).toBe(lab.where.mailbox);
    const [attachment] = message.Attachments;
    expect(attachment).toMatchObject({ FileName: 'logo.png', ContentType: 'image/png', Size: PICTURE.length });
    const blob = await mailpit.getMessageAttachment(id, attachment?.PartID ?? '');
    expect(Buffer.from(await blob.arrayBuffer()).equals(PICTURE)).toBe(true);
    expect(await mailpit.getMessageHeaders(id)).toMatchObject({ Subject: ['Your Guest Account Credentials'] });
    expect(await mailpit.getMessageSource(id)).toContain('Message-ID: <first@ise.example>\r\n');
    expect(await mailpit.renderMessageText(id)).toContain('Username: 1001');
    expect(await mailpit.renderMessageHTML(id)).toContain('<b>1001</b>');
    expect((await mailpit.searchMessages({ query: 'is:read' })).messages_count).toBe(1);
  });

  it('takes `latest` for the newest mail, and says so when there is none', async () => {
    expect((await mailpit.getMessageSummary()).Subject).toBe('Alarm');
    await mailpit.deleteMessages();
    await expect(mailpit.getMessageSummary()).rejects.toThrow('404');
  });

  it('marks, tags and deletes', async () => {
    await mailpit.setReadStatus({ Read: true });
    expect((await mailpit.listMessages()).unread).toBe(0);
    await mailpit.setReadStatus({ Search: 'subject:alarm', Read: false });
    expect((await mailpit.listMessages()).unread).toBe(1);
    const [newest] = (await mailpit.listMessages()).messages;
    const IDs = [newest?.ID ?? ''];
    await mailpit.setTags({ IDs, Tags: ['blue', 'old!'] });
    expect(await mailpit.getTags()).toEqual(['blue', 'old']);
    await mailpit.renameTag('blue', 'green');
    await mailpit.deleteTag('old');
    expect((await mailpit.searchMessages({ query: 'tag:green' })).messages[0]?.Tags).toEqual(['green']);
    await mailpit.deleteMessages({ IDs });
    await mailpit.deleteMessagesBySearch({ query: 'to:gerda' });
    expect(await mailpit.listMessages()).toMatchObject({ total: 0, messages: [] });
  });

  it('waits for a mail', async () => {
    const waiting = mailpit.waitForMessage({ query: 'subject:late' }, { timeout: 10_000, interval: 50 });
    await lab.submit(await lab.token(), { subject: 'late' });
    expect((await waiting).Subject).toBe('late');
    expect((await mailpit.waitForMessages({ count: 3 })).total).toBe(3);
  });

  it('tells about itself, and what it has not', async () => {
    const info = await mailpit.getInfo();
    expect(info).toMatchObject({ Messages: 2, Unread: 2 });
    expect(info.RuntimeStats.SMTPAccepted).toBeGreaterThanOrEqual(2);
    expect(await mailpit.getConfiguration()).toMatchObject({ ChaosEnabled: false, SpamAssassin: false });
    await expect(mailpit.getChaosTriggers()).rejects.toThrow('501');
    await expect(mailpit.sendMessage({ From: { Email: 'a@b.example' }, To: [] })).rejects.toThrow('SMTP submission');
  });
});

describe("isebed up's own API", () => {
  let lab: LiveLab;
  beforeAll(async () => {
    lab = await LiveLab.up(['--limits', 'none']);
  });
  afterAll(() => LiveLab.killAll());

  it('waits for N mails with a time-out that is answered 408', async () => {
    const waiting = lab.call('GET', 'isebed/v1/mails/wait?count=2&timeout=10000&query=subject:pair');
    const token = await lab.token();
    await lab.submit(token, { subject: 'pair 1' });
    await lab.submit(token, { subject: 'pair 2' });
    expect(await waiting).toMatchObject({ count: 2 });
    await expect(lab.call('GET', 'isebed/v1/mails/wait?count=9&timeout=50')).rejects.toThrow('408');
  });

  it('gives the journal as lines and as events, without the secret or a token', async () => {
    const events = await fetch(`${lab.where.api.url}/isebed/v1/journal/events`);
    const reader = events.body?.getReader();
    const token = await lab.token();
    const first = Buffer.from((await reader?.read())?.value ?? []).toString();
    await reader?.cancel();
    expect(first).toMatch(/^id: \d+\ndata: \{"t":/);
    const journal: string = await lab.call('GET', 'isebed/v1/journal');
    expect(journal).toContain('entra.token-granted');
    expect(journal).not.toContain(await lab.secret());
    expect(journal).not.toContain(token);
    const last = journal.trimEnd().split('\n').length;
    expect(await lab.call('GET', `isebed/v1/journal?after=${last}`)).toBe('');
  });

  it('counts for Prometheus', async () => {
    await lab.tokenAnswer({ secret: 'wrong' });
    await lab.submit(await lab.token(), { subject: 'counted' });
    const metrics: string = await lab.call('GET', 'metrics');
    expect(metrics).toContain('isebed_tokens_total{answer="AADSTS7000215"} 1');
    expect(metrics).toMatch(/isebed_smtp_sessions_total\{stage="data",reply="250",enhanced="2.0.0"\} \d/);
  });

  it('lists SMTP sessions with what they submitted', async () => {
    await lab.submit(await lab.token(), { subject: 'in a session' });
    const { sessions } = await lab.call('GET', 'isebed/v1/smtp-sessions');
    expect(sessions[0]).toMatchObject({ mailbox: lab.where.mailbox, accepted: [expect.stringMatching(/^<.+>$/)] });
    expect(await lab.call('GET', `isebed/v1/smtp-sessions/${sessions[0].sessionId}`)).toEqual(sessions[0]);
  });

  it('gives the client secret to the administrator alone', async () => {
    expect((await fetch(lab.where.clientSecret.api)).status).toBe(401);
    expect(await lab.tokenAnswer({ secret: await lab.secret() })).toMatchObject({ token_type: 'Bearer' });
  });

  it('answers no page of another origin', async () => {
    const answer = await fetch(`${lab.where.api.url}/api/v1/messages`, { headers: { origin: 'https://evil.example' } });
    expect(answer.status).toBe(403);
  });

  it('describes itself in OpenAPI', async () => {
    const { openapi, paths } = await lab.call('GET', 'api/openapi.json');
    expect(openapi).toMatch(/^3\./);
    expect(Object.keys(paths)).toEqual(
      expect.arrayContaining(['/api/v1/messages', '/isebed/v1/mails/wait', '/isebed/v1/time', '/readyz']),
    );
  });

  it('refuses an unknown change with the nearest name', async () => {
    await expect(lab.change({ 'exchange.removeMailbo': {} })).rejects.toThrow('did you mean exchange.removeMailbox?');
  });

  it('resets to the beginning: same tenant, no mails, changes undone', async () => {
    await lab.change({ 'entra.revokeConsent': {} });
    await lab.submit(await lab.token(), { subject: 'gone' }).catch(() => undefined);
    const { tenantId } = await lab.call('POST', 'isebed/v1/reset');
    expect(tenantId).toBe(lab.where.tenantId);
    expect(await lab.call('GET', 'api/v1/messages')).toMatchObject({ total: 0 });
    expect(await lab.submit(await lab.token(), { subject: 'again' })).toMatch(/^250 /);
  });
});
