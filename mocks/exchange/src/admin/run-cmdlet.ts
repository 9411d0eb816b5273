import { ExchangeAdminError } from '../exchange.error.ts';
import { bindParameters, type GivenArguments } from './bind-parameters.ts';
import { fromOrganization, unknownCmdlet } from './cmdlet-failures.ts';
import type { AdminContext, Cmdlet, CmdletOutput } from './cmdlet.ts';
import { MAILBOX_CMDLETS } from './mailbox-cmdlets.ts';
import { PERMISSION_CMDLETS } from './permission-cmdlets.ts';
import { ROLE_CMDLETS } from './role-cmdlets.ts';
import { SERVICE_PRINCIPAL_CMDLETS } from './service-principal-cmdlets.ts';

/** The cmdlets of fact sheet microsoft 5.5, one table for both front ends. */
const CMDLETS: readonly Cmdlet[] = [
  ...SERVICE_PRINCIPAL_CMDLETS,
  ...PERMISSION_CMDLETS,
  ...MAILBOX_CMDLETS,
  ...ROLE_CMDLETS,
];

/** Whatever the case of its name. */
export function findCmdlet(name: string): Cmdlet | undefined {
  return CMDLETS.find((cmdlet) => cmdlet.name.toLowerCase() === name.toLowerCase());
}

/** @throws CmdletError in the words of Exchange or PowerShell */
export function runCmdlet(name: string, given: GivenArguments, context: AdminContext): CmdletOutput {
  const cmdlet = findCmdlet(name);
  if (!cmdlet) throw unknownCmdlet(name);
  const bound = bindParameters(cmdlet, given);
  if (bound.isOn('WhatIf')) return { objects: [] };
  try {
    return cmdlet.run(bound, context);
  } catch (error) {
    throw error instanceof ExchangeAdminError ? fromOrganization(error) : error;
  }
}
