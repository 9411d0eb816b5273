import { request, type ApiAnswer, type ApiCall } from './ers-lab.ts';
import type { NodeLab } from './node-lab.ts';

/** A request below `/api/v1/`. */
export const api = (
  lab: NodeLab,
  method: string,
  path: string,
  call: ApiCall = {},
  node = 'ise1',
): Promise<ApiAnswer> => request(lab, method, `/api/v1/${path}`, call, node);

/** Status and message of a refusal by deployment and alarms. */
export const refusal = ({ status, json }: ApiAnswer): [number, string] => [status, json.error.message];
