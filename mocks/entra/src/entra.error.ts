import { TestbedError } from '#libs/diagnosis';

/** An administrative operation on the directory that could not be done. */
export class EntraDirectoryError extends TestbedError {}
