import { REQUEST_VECTORS, type Deviation } from './entra-request-vectors.ts';
import { STATE_VECTORS } from './entra-state-vectors.ts';
import { EXCHANGE_SCOPE, httpRequest, inMicrosoftLab, tokenForm, type MicrosoftLab } from './microsoft-lab.ts';

const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };

async function ask(lab: MicrosoftLab, { tenant, method = 'POST', form = {}, without = [] }: Deviation = {}) {
  const fields = new URLSearchParams(tokenForm(lab, form));
  for (const name of without) fields.delete(name);
  const path = `/${encodeURIComponent(tenant ?? lab.tenantId)}/oauth2/v2.0/token`;
  return httpRequest(lab, path, { method, headers: FORM, body: method === 'GET' ? '' : fields.toString() });
}

describe('refusals of the token endpoint, to the byte', () => {
  it.each([...REQUEST_VECTORS, ...STATE_VECTORS])('answers %s', async (_what, arrange, vector) => {
    await inMicrosoftLab({}, async (lab) => {
      const answer = await ask(lab, arrange(lab));
      const body = JSON.parse(answer.body);
      const text = vector.text.replace('<app>', lab.application.clientId).replace('<tenant>', lab.tenantId);
      const timestamp = `${new Date(lab.clock.now()).toISOString().slice(0, 19).replace('T', ' ')}Z`;
      expect(answer.status).toBe(vector.status);
      expect(answer.body).toBe(
        JSON.stringify({
          error: vector.error,
          error_description:
            `AADSTS${vector.code}: ${text} Trace ID: ${body.trace_id} ` +
            `Correlation ID: ${body.correlation_id} Timestamp: ${timestamp}`,
          error_codes: [vector.code],
          timestamp,
          trace_id: body.trace_id,
          correlation_id: body.correlation_id,
          ...(vector.errorUri === false
            ? {}
            : { error_uri: `https://login.microsoftonline.com/error?code=${vector.code}` }),
        }),
      );
      expect(answer.headers).toMatchObject({
        'cache-control': 'no-store, no-cache',
        pragma: 'no-cache',
        'content-type': 'application/json; charset=utf-8',
        expires: '-1',
        'strict-transport-security': 'max-age=31536000; includeSubDomains',
        'x-content-type-options': 'nosniff',
        p3p: 'CP="DSP CUR OTPi IND OTRi ONL FIN"',
        'x-ms-request-id': body.trace_id,
        'x-ms-ests-server': expect.stringMatching(/^2\.1\.\d+\.\d+ - \w+ ProdSlices$/),
        'x-xss-protection': '0',
        'set-cookie': expect.stringMatching(
          /^fpc=[\w-]+; expires=[^;]+; path=\/; secure; HttpOnly; SameSite=None,x-ms-gateway-slice=estsfd; .*,stsservicecookie=estsfd; /,
        ),
      });
      expect(body.trace_id).toMatch(/00$/);
      expect(answer.headers).not.toHaveProperty('x-ms-clitelem');
      expect(answer.headers).not.toHaveProperty('client-request-id');
    });
  });

  it('answers a throttled tenant in plain text, and serves it again when the window is over', async () => {
    await inMicrosoftLab({}, async (lab) => {
      const throttling = { requestsMax: 1, windowMs: 60_000, retryAfterS: 60, answer: 'plain-text' } as const;
      lab.directory.changePolicies(lab.tenantId, { throttling });
      expect((await ask(lab)).status).toBe(200);
      const refused = await ask(lab);
      expect(refused).toMatchObject({
        status: 429,
        body: 'Too Many Requests',
        headers: { 'retry-after': '60', 'content-type': 'text/plain' },
      });
      expect(lab.journal.records.at(-1)).toMatchObject({
        kind: 'entra.token-refused',
        status: 429,
        reason: 'throttled',
      });
      await lab.clock.sleep(60_000);
      expect((await ask(lab)).status).toBe(200);
    });
  });

  it.each([502, 503, 504] as const)('answers %i with a page when the service is down', async (httpStatus) => {
    await inMicrosoftLab({}, async (lab) => {
      lab.directory.changeSettings({ serviceHealth: { status: 'down', httpStatus } });
      const answer = await ask(lab);
      expect(answer.status).toBe(httpStatus);
      expect(answer.headers['content-type']).toMatch(/^text\/html/);
      expect(answer.body).toMatch(/^<!DOCTYPE html>/);
    });
  });

  it('goes on accepting a removed secret for as long as the removal takes', async () => {
    await inMicrosoftLab({}, async (lab) => {
      lab.directory.changeSettings({ secretRemovalLagMs: 10_000 });
      lab.directory.removeSecret(lab.tenantId, lab.application.clientId, lab.secret.secretId);
      expect((await ask(lab)).status).toBe(200);
      await lab.clock.sleep(10_000);
      expect((await ask(lab)).status).toBe(401);
    });
  });

  it('tells telemetry and correlation back to a client that sent them', async () => {
    await inMicrosoftLab({}, async (lab) => {
      const id = '3f2504e0-4f89-41d3-9a0c-0305e82c3301';
      const headers = { ...FORM, 'client-request-id': id, 'return-client-request-id': 'true' };
      const telemetry = { 'x-client-current-telemetry': '5|771,2,,,|,' };
      const post = (form: Record<string, string>) =>
        httpRequest(lab, `/${lab.tenantId}/oauth2/v2.0/token`, { method: 'POST', headers, body: tokenForm(lab, form) });
      const granted = await post(telemetry);
      expect(granted.headers).toMatchObject({ 'x-ms-clitelem': '1,0,0,,', 'client-request-id': id });
      const refused = await post({ ...telemetry, client_secret: 'wrong' });
      expect(refused.headers).toMatchObject({ 'x-ms-clitelem': '1,7000215,0,,', 'client-request-id': id });
      expect(JSON.parse(refused.body).correlation_id).toBe(id);
    });
  });

  it('takes what older clients send: blanks, commas and pipes as they are, names in capitals, unknown fields', async () => {
    await inMicrosoftLab({}, async (lab) => {
      const { clientId } = lab.application;
      const body =
        `CLIENT_ID=${clientId}&client_secret=${encodeURIComponent(lab.secret.value)}&scope=${EXCHANGE_SCOPE}` +
        '&grant_type=client_credentials&x-client-current-telemetry=2|771,1,,,|,&client_info=1&colour=deep red';
      const answer = await httpRequest(lab, `/${lab.tenantId}/oauth2/v2.0/token`, {
        method: 'POST',
        headers: FORM,
        body,
      });
      expect(answer.status).toBe(200);
      expect(Object.keys(JSON.parse(answer.body))).toEqual([
        'token_type',
        'expires_in',
        'ext_expires_in',
        'access_token',
      ]);
    });
  });
});
