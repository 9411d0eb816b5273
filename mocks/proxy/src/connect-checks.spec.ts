import { judgeConnect, parseTarget, type ConnectRequest } from './connect-checks.ts';

const REQUEST: ConnectRequest = { host: 'smtp.office365.com', port: 587 };
const CREDENTIALS = { user: 'ise', password: 'p:w' };

function basic(text: string): string {
  return `Basic ${Buffer.from(text).toString('base64')}`;
}

describe('checks of CONNECT', () => {
  it.each([
    ['an open proxy', {}, {}, undefined],
    ['a port on the list', {}, { allowedPorts: [443, 587] }, undefined],
    ['a port that is not on the list', {}, { allowedPorts: [443] }, 'port-forbidden'],
    ['no credentials', {}, { credentials: CREDENTIALS }, 'credentials-missing'],
    ['the right credentials', { authorization: basic('ise:p:w') }, { credentials: CREDENTIALS }, undefined],
    ['a wrong password', { authorization: basic('ise:pw') }, { credentials: CREDENTIALS }, 'credentials-wrong'],
    ['a wrong user', { authorization: basic('ice:p:w') }, { credentials: CREDENTIALS }, 'credentials-wrong'],
    ['port 0', { port: 0 }, {}, 'target-malformed'],
    ['the highest port', { port: 65_535 }, {}, undefined],
    ['a port beyond it', { port: 65_536 }, {}, 'target-malformed'],
    ['a host with a blank', { host: 'smtp office' }, {}, 'target-malformed'],
    ['no host', { host: '' }, {}, 'target-malformed'],
  ])('given %s: %#', (_case, change, policy, reason) => {
    expect(judgeConnect({ ...REQUEST, ...change }, policy)?.reason).toBe(reason);
  });

  it('asks who it is before it says that a port is forbidden', () => {
    expect(judgeConnect(REQUEST, { credentials: CREDENTIALS, allowedPorts: [443] })?.status).toBe(407);
  });

  it.each([
    ['smtp.office365.com:587', { host: 'smtp.office365.com', port: 587 }],
    ['[2001:db8::1]:443', { host: '2001:db8::1', port: 443 }],
    ['smtp.office365.com', { host: '', port: Number.NaN }],
  ])('reads the target %s', (authority, target) => {
    expect(parseTarget(authority)).toEqual(target);
  });
});
