export { InvariantError, TestbedError } from './testbed-error.ts';
