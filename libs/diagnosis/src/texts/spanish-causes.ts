import { SPANISH_EXCHANGE_CAUSES } from './spanish-exchange-causes.ts';
import { SPANISH_ISE_CAUSES } from './spanish-ise-causes.ts';
import { SPANISH_WAY_CAUSES } from './spanish-way-causes.ts';
import { textsOf } from './translated-cause.ts';

/** Spanish texts of all root causes. */
export const SPANISH_CAUSES = textsOf({ ...SPANISH_ISE_CAUSES, ...SPANISH_WAY_CAUSES, ...SPANISH_EXCHANGE_CAUSES });
