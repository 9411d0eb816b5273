export type { ConnectRefusalReason, ProxyPolicy } from './connect-checks.ts';
export { ProxyMock, type ProxyMockOptions, type StartedProxyMock } from './proxy-mock.ts';
