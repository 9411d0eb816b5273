export { GraphDirectory, type GraphTenant } from './graph-directory.ts';
export { GraphMock, type GraphMockOptions, type StartedGraphMock } from './graph-mock.ts';
