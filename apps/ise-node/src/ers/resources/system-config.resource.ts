import { z } from 'zod';
import type { ErsResource } from '../ers-resource.ts';
import { operationResult, versionInfo } from '../ers-documents.ts';

/** The release that this deployment is: the first with OAuth for SMTP in the page's form. */
const ISE_VERSION = '3.5.0.527';
const PATCH = '0';

/** `op/systemconfig/iseversion`: no resource, only an operation. */
export const SYSTEM_CONFIG_RESOURCE: ErsResource = {
  name: 'op',
  wrapper: 'OperationResult',
  namespace: 'ers',
  title: 'System Config',
  versions: ['1.0'],
  schema: z.strictObject({}),
  required: [],
  filterFields: [],
  sortFields: [],
  byName: false,
  callers: 'administrators',
  list: () => [],
  operations: [
    {
      method: 'GET',
      path: 'systemconfig/iseversion',
      run: () => operationResult({ version: ISE_VERSION, 'patch information': PATCH }),
    },
    {
      method: 'GET',
      path: 'systemconfig/iseversion/versioninfo',
      run: ({ origin }) => {
        const href = `${origin}/ers/config/op/systemconfig/iseversion/versioninfo`;
        return versionInfo(['1.0'], { rel: 'self', href, type: 'application/json' });
      },
    },
  ],
};
