import type { TextFile } from './session-transcripts.ts';
import type { PresentedChain, TrafficLog } from './traffic-log.ts';

/** The chains that servers showed, as PEM: one file for each different chain of a server. */
export function renderChains({ chains }: TrafficLog): TextFile[] {
  const byHost = Map.groupBy(chains, ({ host }) => host);
  return [...byHost].flatMap(([host, shown]) => {
    const distinct = Map.groupBy(shown, ({ certificates }) =>
      certificates.map(({ fingerprint256 }) => fingerprint256).join(),
    );
    return [...distinct.values()].map((same, index) => ({
      name: `${host.replaceAll(/[^\w.-]/g, '_')}${index === 0 ? '' : `-${index + 1}`}.pem`,
      text: pemOf(same),
    }));
  });
}

function pemOf(shown: readonly PresentedChain[]): string {
  const [first] = shown;
  if (!first) return '';
  const seers = [...new Set(shown.map(({ node }) => node))].join(', ');
  const parts = first.certificates.flatMap((certificate) => [
    `subject: ${oneLine(certificate.subject)}`,
    `issuer:  ${oneLine(certificate.issuer)}`,
    `valid:   ${certificate.validFrom} to ${certificate.validTo}`,
    certificate.toString().trimEnd(),
    '',
  ]);
  return [`As ${first.host} showed it, first at ${new Date(first.at).toISOString()}, to ${seers}.`, '', ...parts].join(
    '\n',
  );
}

function oneLine(name: string): string {
  return name.split('\n').join(', ');
}
