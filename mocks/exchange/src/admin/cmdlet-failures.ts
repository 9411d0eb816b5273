import { createHash } from 'node:crypto';
import type { ExchangeAdminError } from '../exchange.error.ts';
import { CmdletError } from './cmdlet.ts';

const TASKS = 'Microsoft.Exchange.Configuration.Tasks';

/** The directory server that texts of errors name. */
export const DIRECTORY_SERVER = 'FR3P281A09DC003.DEUP281A009.PROD.OUTLOOK.COM';

/** Exact (fact sheet microsoft 5.4). */
export function objectNotFound(identity: string): CmdletError {
  return failed({
    status: 404,
    restCode: 'NotFound',
    exceptionType: `${TASKS}.ManagementObjectNotFoundException`,
    text: `The operation couldn't be performed because object '${identity}' couldn't be found on '${DIRECTORY_SERVER}'.`,
    errorCode: 'Ex6F9304',
  });
}

/** Ours: the text for a `-User` or `-Trustee` that nobody has is not known (fact sheet microsoft 9). */
export function trusteeNotFound(user: string): CmdletError {
  return failed({
    status: 404,
    restCode: 'NotFound',
    exceptionType: `${TASKS}.ManagementObjectNotFoundException`,
    text: `User or group "${user}" wasn't found. Please make sure you've typed it correctly.`,
  });
}

/** PowerShell's own; the error record names the parameter that does not exist. */
export function unknownParameter(name: string): CmdletError {
  return parameterError(`A parameter cannot be found that matches parameter name '${name}'.`, 'NamedParameterNotFound');
}

export function ambiguousParameter(name: string, matches: readonly string[]): CmdletError {
  return parameterError(
    `Parameter cannot be processed because the parameter name '${name}' is ambiguous. Possible matches include: ` +
      `${matches.map((match) => `-${match}`).join(' ')}.`,
    'AmbiguousParameter',
  );
}

export function missingParameters(names: readonly string[]): CmdletError {
  return parameterError(
    `Cannot process command because of one or more missing mandatory parameters: ${names.join(' ')}.`,
    'MissingMandatoryParameter',
  );
}

export function missingArgument(name: string, type: string): CmdletError {
  return parameterError(
    `Missing an argument for parameter '${name}'. Specify a parameter of type '${type}' and try again.`,
    'MissingArgument',
  );
}

export function surplusArgument(value: string): CmdletError {
  return parameterError(
    `A positional parameter cannot be found that accepts argument '${value}'.`,
    'PositionalParameterNotFound',
  );
}

export function repeatedParameter(name: string): CmdletError {
  return parameterError(
    `Cannot bind parameter because parameter '${name}' is specified more than once. To provide multiple values to ` +
      `parameters that can accept multiple values, use the array syntax. For example, "-parameter value1,value2,value3".`,
    'ParameterAlreadyBound',
  );
}

export function notConvertible(name: string, value: string, type: string): CmdletError {
  return parameterError(
    `Cannot process argument transformation on parameter '${name}'. Cannot convert value "${value}" to type "${type}".`,
    'ParameterArgumentTransformationError',
  );
}

export function notInEnumeration(name: string, value: string, type: string, values: readonly string[]): CmdletError {
  return parameterError(
    `Cannot process argument transformation on parameter '${name}'. Cannot convert value "${value}" to type "${type}". ` +
      `Error: "Unable to match the identifier name ${value} to a valid enumerator name. Specify one of the following ` +
      `enumerator names and try again: ${values.join(', ')}"`,
    'ParameterArgumentTransformationError',
  );
}

export function unknownCmdlet(name: string): CmdletError {
  return failed({
    status: 404,
    restCode: 'NotFound',
    exceptionType: 'System.Management.Automation.CommandNotFoundException',
    text:
      `The term '${name}' is not recognized as a name of a cmdlet, function, script file, or executable program. ` +
      'Check the spelling of the name, or if a path was included, verify that the path is correct and try again.',
    fullyQualifiedErrorId: 'CommandNotFoundException',
  });
}

/** Simplified: of PowerShell's language only commands, quoting, arrays and `| fl` are known. */
export function unreadableLine(what: string): CmdletError {
  return failed({
    status: 400,
    restCode: 'BadRequest',
    exceptionType: 'System.Management.Automation.ParseException',
    text: what,
    fullyQualifiedErrorId: 'ParserError',
  });
}

/** What an operation of the organization refused; texts of duplicates and strict IDs are ours (fact sheet microsoft 9). */
export function fromOrganization(error: ExchangeAdminError): CmdletError {
  const text = `${error.message.charAt(0).toUpperCase()}${error.message.slice(1)}.`;
  const isDuplicate = error.code.endsWith('-exists');
  return failed({
    status: 400,
    restCode: 'BadRequest',
    exceptionType: isDuplicate
      ? 'Microsoft.Exchange.Data.Directory.ADObjectAlreadyExistsException'
      : `${TASKS}.TaskInvalidOperationException`,
    text,
  });
}

function parameterError(text: string, id: string): CmdletError {
  return failed({
    status: 400,
    restCode: 'BadRequest',
    exceptionType: 'System.Management.Automation.ParameterBindingException',
    text,
    fullyQualifiedErrorId: id,
  });
}

function failed(failure: {
  status: number;
  restCode: string;
  exceptionType: string;
  text: string;
  errorCode?: string;
  fullyQualifiedErrorId?: string;
}): CmdletError {
  const digest = createHash('sha256').update(failure.exceptionType).digest('hex').slice(0, 6).toUpperCase();
  return new CmdletError({
    errorCode: `Ex${digest}`,
    fullyQualifiedErrorId: 'Write-ErrorMessage',
    ...failure,
  });
}
