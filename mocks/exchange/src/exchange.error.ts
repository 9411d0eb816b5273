import { TestbedError } from '#libs/diagnosis';

/** A cmdlet of Exchange Online that could not be carried out. */
export class ExchangeAdminError extends TestbedError {}
