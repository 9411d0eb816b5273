export type { GraphDirectory, GraphTenant } from './graph-directory.ts';
export { GraphMock, type GraphMockOptions, type StartedGraphMock } from './graph-mock.ts';
