import { InvalidArgumentError, Option, type Command } from 'commander';
import { LANGUAGES } from '#libs/diagnosis';
import type { DiagnoseOptions } from './diagnose-inputs.ts';
import type { UpContext } from './up.command.ts';

const HELP = `
It reads guest.log (also clipped lines), Java stack traces, AADSTS bodies and what libraries quote of them, SMTP replies
and transcripts, openssl s_client output, certificates in PEM, captures (pcap, pcapng), alarms, mails (.eml), and
evidence folders of isebed; several of them in one text, packed by gzip, or in a folder. Secrets and tokens in it are never repeated. Nothing is sent anywhere.

Examples:
  $ isebed diagnose guest.log
  $ pbpaste | isebed diagnose -                       what you have just copied
  $ isebed diagnose reply.txt chain.pem --language de
  $ isebed diagnose isebed-evidence/t4-no-consent     a run of isebed that failed
  $ isebed diagnose guest.log --state contoso.yaml    decides with what the tenant is like
  $ isebed diagnose guest.log --state contoso.yaml --mailbox ise@contoso.example
                                                      the same where the log does not name the mailbox
  $ isebed diagnose guest.log --testbed               the same with the testbed that runs on this machine
  $ isebed new --from guest.log                       makes a scenario of it

Exit status: 0 a cause was found, 1 none was, 2 bad usage or a file that cannot be read.`;

/** `isebed diagnose FILE…`: why a mail failed, from what there is to read of it. */
export function addDiagnoseCommand(program: Command, context: UpContext): void {
  program
    .command('diagnose')
    .summary('explain a failed mail from logs, replies, certificates and captures')
    .description('Explain why a mail failed from what there is of it: files, folders, or - for standard input.')
    .argument('<file...>', 'files, folders, or -')
    .option('--json', 'as one JSON document')
    .addOption(new Option('--language <code>', 'language of the answer').choices([...LANGUAGES]).default('en'))
    .option(
      '--state <file>',
      'a tenant seed or an exported state: the Microsoft side, which decides what the node cannot',
    )
    .addOption(new Option('--testbed', 'ask the testbed that runs on this machine for that side').conflicts('state'))
    .option('--mailbox <address>', 'Email Address on the SMTP Server page, if the input does not name it', mailAddress)
    .option('--client-id <guid>', 'Client ID there', guid)
    .option('--tenant-id <guid>', 'Tenant ID there', guid)
    .option('--api-port <port>', 'where that testbed has its API (ISEBED_API_PORT)')
    .option('--api-password-file <file>', 'the password of that API (ISEBED_API_PASSWORD)')
    .addHelpText('after', HELP)
    .action(async (files: string[], options: DiagnoseOptions) => {
      // Loaded here: whoever runs a scenario waits for no reader of captures.
      const { diagnose } = await import('./diagnose-inputs.ts');
      await diagnose(files, options, context);
    });
}

function mailAddress(text: string): string {
  if (!/^[^\s@]+@[^\s@]+$/.test(text)) throw new InvalidArgumentError('An e-mail address is expected.');
  return text;
}

function guid(text: string): string {
  if (!/^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text)) {
    throw new InvalidArgumentError('A GUID is expected: 8-4-4-4-12 hexadecimal digits.');
  }
  return text;
}
