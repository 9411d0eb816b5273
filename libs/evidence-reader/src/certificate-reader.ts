import { X509Certificate } from 'node:crypto';
import { defined, type Findings, type Place } from './findings.ts';
import type { SeenCertificate, TlsObservation } from './observation-types.ts';

const BEGIN = /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----/;
const END = /-----END (?:TRUSTED |X509 )?CERTIFICATE-----/;
/** 64 KB of base64 are more than any certificate has. */
const PEM_LINES_MAX = 1_200;
const CERTIFICATES_MAX = 40;
const NAMES_MAX = 30;

const MICROSOFT_NAME = /microsoftonline\.com|windows\.net|office365\.com|outlook\.com|office\.com/i;
const TOKEN_ENDPOINT_NAME = /microsoftonline\.com|login\.windows\.net/i;
const PUBLIC_CA = /digicert|microsoft|baltimore|globalsign|entrust|sectigo|geotrust|cybertrust/i;

interface Read {
  certificate: X509Certificate;
  place: Place;
}

/** Certificates in PEM, taken for one chain if they stand in one text. */
export class CertificateReader {
  private block: string[] | undefined;
  private readonly found: Read[] = [];

  constructor(
    private readonly findings: Findings,
    /** Epoch milliseconds at which the chain is judged. */
    private readonly now: number,
  ) {}

  /** Whether the line is part of a certificate. */
  read(line: string, place: Place): boolean {
    if (BEGIN.test(line)) {
      this.block = [];
      return true;
    }
    if (!this.block) return false;
    if (END.test(line)) {
      this.add(this.block, place);
      this.block = undefined;
      return true;
    }
    this.block.push(line.trim());
    if (this.block.length > PEM_LINES_MAX) this.block = undefined;
    return true;
  }

  /** @param host the server that the text says the chain is of */
  end(host: string | undefined): void {
    const [first] = this.found;
    if (!first) return;
    const chain = this.found.map(({ certificate }) => seen(certificate));
    const { source } = first.place;
    const names = chain[0]?.names ?? [];
    const isToken = names.some((name) => TOKEN_ENDPOINT_NAME.test(name));
    const isMicrosoft = names.some((name) => MICROSOFT_NAME.test(name));
    const peer = isToken ? 'token-endpoint' : isMicrosoft ? 'smtp' : undefined;
    this.findings.recognise('certificates', this.found.length);
    const place = { ...first.place, text: `certificates: ${chain.map(({ subject }) => subject).join(' < ')}` };
    this.findings.add({ kind: 'chain', ...defined({ peer, host }), certificates: chain, source }, place);
    const fault = this.faultOf(host, isMicrosoft);
    if (!fault) return;
    const presented = { presented: chain.length, ...defined({ issuer: chain.at(-1)?.issuer }) };
    this.findings.add(
      { kind: 'tls', outcome: 'failed', ...fault, ...presented, ...defined({ peer, host }), source },
      place,
    );
  }

  private add(block: readonly string[], place: Place): void {
    if (this.found.length >= CERTIFICATES_MAX) return;
    try {
      this.found.push({ certificate: new X509Certificate(Buffer.from(block.join(''), 'base64')), place });
    } catch {
      // Clipped or altered: what can't be read is not shown as recognised.
    }
  }

  /** What a client would refuse of the chain; a chain that only goes along with another failure is left alone. */
  private faultOf(
    host: string | undefined,
    isMicrosoft: boolean,
  ): Pick<TlsObservation, 'failure' | 'certificate'> | undefined {
    const certificates = this.found.map(({ certificate }) => certificate);
    const over = certificates.find(({ validTo }) => Date.parse(validTo) < this.now);
    if (over) return { failure: 'expired', certificate: commonName(over.subject) };
    const early = certificates.find(({ validFrom }) => Date.parse(validFrom) > this.now);
    if (early) return { failure: 'not-yet-valid', certificate: commonName(early.subject) };
    const [leaf] = certificates;
    const last = certificates.at(-1);
    if (!leaf || !last || leaf.ca) return undefined;
    if (host !== undefined && /[a-z]/i.test(host) && leaf.checkHost(host) === undefined) {
      return { failure: 'wrong-name', certificate: commonName(leaf.subject) };
    }
    const failsOtherwise = this.findings.observations.some(
      (one) => (one.kind === 'smtp-reply' && one.code >= 400) || one.kind === 'aadsts',
    );
    if (failsOtherwise || !isMicrosoft) return undefined;
    const isAlone = certificates.length === 1;
    const isForeign = !PUBLIC_CA.test(commonName(last.issuer));
    return isAlone || isForeign ? { failure: 'no-certification-path' } : undefined;
  }
}

export function seen(certificate: X509Certificate): SeenCertificate {
  const { subject, issuer, validFrom, validTo, subjectAltName } = certificate;
  const names = subjectAltName?.split(', ').flatMap((name) => (name.startsWith('DNS:') ? name.slice(4) : []));
  return {
    subject: commonName(subject),
    issuer: commonName(issuer),
    validFrom: isoOf(validFrom),
    validTo: isoOf(validTo),
    ...(names && !certificate.ca ? { names: names.slice(0, NAMES_MAX) } : {}),
  };
}

/** Node.js gives one attribute a line; one that has no common name is named by its last attribute. */
export function commonName(name: string): string {
  const lines = name.split('\n');
  return (lines.find((line) => line.startsWith('CN=')) ?? lines.at(-1) ?? '').replace(/^\w+=/, '').slice(0, 200);
}

function isoOf(date: string): string {
  const time = Date.parse(date);
  return Number.isNaN(time) ? date : new Date(time).toISOString();
}
