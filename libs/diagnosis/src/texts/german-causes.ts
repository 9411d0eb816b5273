import { GERMAN_EXCHANGE_CAUSES } from './german-exchange-causes.ts';
import { GERMAN_ISE_CAUSES } from './german-ise-causes.ts';
import { GERMAN_WAY_CAUSES } from './german-way-causes.ts';
import { textsOf } from './translated-cause.ts';

/** German texts of all root causes. */
export const GERMAN_CAUSES = textsOf({ ...GERMAN_ISE_CAUSES, ...GERMAN_WAY_CAUSES, ...GERMAN_EXCHANGE_CAUSES });
