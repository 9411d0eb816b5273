import type { Command } from 'commander';
import type { TenantUse } from '../up/tenant-use.ts';
import { readSetting, UP_SETTINGS, type GivenFlags } from '../up/up-settings.ts';
import { ADMIN } from '../testbed/lab-admin.ts';
import { EXIT_INVALID } from './command-context.ts';
import { explained, type UpContext } from './up.command.ts';

const EXIT_DIFFERENT = 1;

const HELP = `
A file is a tenant seed (YAML or JSON with "tenants") or an exported state; which of the two, its content says.

Examples:
  $ isebed tenant export --out before.json    the state of the testbed that runs
  $ isebed tenant compare                     what has changed there since it began
  $ isebed tenant compare contoso.yaml        what is otherwise there than the file says
  $ isebed tenant compare a.yaml b.yaml       two files; needs no testbed
  $ isebed tenant apply contoso.yaml          begins anew with these tenants
  $ isebed tenant reset                       Entra and Exchange as they began; mails and nodes stay

Exit status: 0 done or equal, 1 different, 2 bad usage, an invalid file, or no testbed that answers.`;

/** `isebed tenant`: the tenants of a live testbed as a whole. */
export function addTenantCommand(program: Command, context: UpContext): void {
  const tenant = program
    .command('tenant')
    .summary('export, compare, replace and reset tenants')
    .description('Tenants as a whole: those of the live testbed that runs on this machine, and those of files.')
    .addHelpText('after', HELP);
  subcommand(tenant, 'export', 'write the state of Entra and Exchange as JSON')
    .option('--out <file>', 'write to this file, readable by its owner alone, instead of standard output')
    .option('--with-secrets', 'with the values of client secrets: needed where ISE is to go on with them')
    .action((flags: GivenFlags) => perform(context, flags, (use) => use.exportState(flags)));
  subcommand(tenant, 'compare', 'tell the differences, one line each')
    .argument('[a]', 'a seed or a state; default: what the running testbed began with')
    .argument('[b]', 'what to compare it with; default: the running testbed as it is now')
    .action((a: string | undefined, b: string | undefined, flags: GivenFlags) =>
      perform(context, flags, async (use) => ((await use.compare(a, b)) ? 0 : EXIT_DIFFERENT)),
    );
  subcommand(tenant, 'apply', 'begin anew with the tenants of a file: no mails, fresh nodes')
    .argument('<file>', 'a seed or a state')
    .action((file: string, flags: GivenFlags) => perform(context, flags, (use) => use.apply(file)));
  subcommand(tenant, 'reset', 'Entra and Exchange as they began; mails, nodes and time stay').action(
    (flags: GivenFlags) => perform(context, flags, (use) => use.reset()),
  );
}

function subcommand(tenant: Command, name: string, description: string): Command {
  return tenant
    .command(name)
    .description(`${description.charAt(0).toUpperCase()}${description.slice(1)}.`)
    .summary(description)
    .option(
      '--api-port <port>',
      `where the running testbed has its API (default: ${UP_SETTINGS.apiPort.fallback}; ISEBED_API_PORT)`,
    )
    .option(
      '--host <address>',
      `where the running testbed listens (default: ${UP_SETTINGS.host.fallback}; ISEBED_HOST)`,
    )
    .option('--api-password-file <file>', 'the password of that API (ISEBED_API_PASSWORD)')
    .option('--admin-password-file <file>', "the password of the nodes' administrator (ISEBED_ADMIN_PASSWORD)")
    .option('--json', 'one JSON object on one line');
}

async function perform(
  { stdout, stderr, environment, exit }: UpContext,
  flags: GivenFlags,
  action: (use: TenantUse) => Promise<number | void>,
): Promise<void> {
  const faults: string[] = [];
  const source = { flags, environment, faults };
  const api = {
    host: readSetting('host', source),
    port: readSetting('apiPort', source),
    password: readSetting('apiPassword', source),
  };
  const adminPassword = readSetting('adminPassword', source) ?? ADMIN.password;
  if (faults.length > 0) {
    for (const fault of faults) stderr.write(`${fault}\n`);
    return exit(EXIT_INVALID);
  }
  // Loaded here: the other commands need none of it and should answer at once.
  const up = await import('../up/tenant-use.ts');
  const { UpError } = await import('../up/up.error.ts');
  const use = new up.TenantUse({
    api,
    administrator: { ...ADMIN, password: adminPassword },
    json: flags['json'] === true,
    print: (text) => void stdout.write(text),
    files: () => import('../up/tenant-files.ts'),
  });
  try {
    exit((await action(use)) ?? 0);
  } catch (error) {
    if (!(error instanceof UpError)) throw error;
    stderr.write(explained(error));
    exit(EXIT_INVALID);
  }
}
