import { fieldText, type JournalRecord } from '#libs/simulation';
import type { ReportFile } from './report-input.ts';
import { clockTime, fileLink } from './report-text.ts';

export interface CertificateCard {
  readonly name: string;
  readonly role: string;
  readonly issuer: string;
  readonly valid: string;
  /** What is wrong with it. */
  readonly flaw: string | undefined;
}

/** A chain that a server showed, from its own certificate to the authority that the node must know. */
export interface ChainView {
  readonly host: string;
  readonly href: string;
  readonly shownTo: string;
  readonly cards: readonly CertificateCard[];
  readonly anchor: { readonly name: string; readonly flaw: string | undefined };
  readonly verdict: string;
  readonly broken: boolean;
}

/** What TLS failures mean, and where in a chain they are: at the leaf, at the certificate that is named, or at the top. */
const FLAWS: Readonly<Record<string, { at: 'leaf' | 'named' | 'top'; text: string }>> = {
  'no-certification-path': { at: 'top', text: 'not found among the Trusted Certificates that the node may use' },
  expired: { at: 'named', text: 'past its end' },
  'not-yet-valid': { at: 'named', text: 'not valid yet' },
  'wrong-name': { at: 'leaf', text: 'not for the name that was dialled' },
};

/** The chains of a run, those that broke first. */
export function chainViews(files: readonly ReportFile[], records: readonly JournalRecord[]): ChainView[] {
  const chains = files.flatMap((file) => (file.path.startsWith('certificates/') ? readChain(file, records) : []));
  return [...chains.filter(({ broken }) => broken), ...chains.filter(({ broken }) => !broken)];
}

function readChain({ path, text = '' }: ReportFile, records: readonly JournalRecord[]): ChainView[] {
  const head = /^As (\S+) showed it, first at (\S+), to (.+)\.$/m.exec(text);
  if (!head) return [];
  const [, host = '', firstAt = '', shownTo = ''] = head;
  const certificates = [...text.matchAll(/^subject: (.*)\nissuer: +(.*)\nvalid: +(.*)$/gm)].map(
    ([, subject = '', issuer = '', valid = '']) => ({ name: commonName(subject), issuer: commonName(issuer), valid }),
  );
  const [leaf] = certificates;
  const top = certificates.at(-1);
  if (!leaf || !top) return [];
  const failures = records.filter((record) => {
    const named = fieldText(record, 'certificate');
    return (
      record.kind === 'tls.failed' &&
      Object.hasOwn(FLAWS, fieldText(record, 'failure')) &&
      fieldText(record, 'host') === host &&
      record.t >= firstAt &&
      (named === '' || certificates.some(({ name }) => name === named))
    );
  });
  const [failure] = failures;
  const flaw = failure && FLAWS[fieldText(failure, 'failure')];
  const flawed =
    flaw?.at === 'leaf' ? leaf.name : flaw?.at === 'named' && failure ? fieldText(failure, 'certificate') : '';
  const cards = certificates.map(({ name, issuer, valid }, index) => ({
    name,
    issuer,
    valid,
    role: index === 0 ? 'server' : 'intermediate',
    flaw: flaw && name === flawed ? flaw.text : undefined,
  }));
  const anchor = { name: top.issuer, flaw: flaw?.at === 'top' ? flaw.text : undefined };
  return [
    { host, href: fileLink(path), shownTo, cards, anchor, broken: failures.length > 0, verdict: verdictOf(failures) },
  ];
}

function verdictOf(failures: readonly JournalRecord[]): string {
  const [first] = failures;
  if (!first) return 'accepted';
  const nodes = [...new Set(failures.map(({ node = 'a server' }) => node))].join(', ');
  return `refused by ${nodes}, first at ${clockTime(first.t)}: ${fieldText(first, 'failure')}`;
}

function commonName(subject: string): string {
  return /CN=([^,]+)/.exec(subject)?.[1] ?? subject;
}
