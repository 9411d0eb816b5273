import { createPrivateKey } from 'node:crypto';
import type { Clock } from '#libs/simulation';
import { InvariantError } from '#libs/diagnosis';
import {
  authorityExtensions,
  importKeyPair,
  issueCertificate,
  pemOf,
  serverExtensions,
  type Issuer,
} from './certificates.ts';
import {
  FURTHER_PKIS,
  LAB_CHAINS,
  type ChainNames,
  type ChainVariant,
  type FurtherPki,
  type FurtherPkiName,
  type PkiPeer,
} from './lab-chains.ts';
import { publishedLabKeys, type LabKeys, type LabKeyRole } from './lab-keys.ts';

const DAY_MS = 86_400_000;
const YEAR_MS = 365 * DAY_MS;

/** The name on a certificate that was meant for another server. */
const OTHER_NAME = 'mail.contoso.example';

/** A CA certificate of the lab, for a trust store. */
export interface LabAuthority {
  /** Common name, that of the real CA. */
  name: string;
  kind: 'root' | 'issuing';
  /** The server below it; absent for a CA that stands beside the two chains. */
  peer?: PkiPeer;
  certificatePem: string;
}

/** What a TLS server needs: PKCS #8 key, and the leaf followed by the issuing CA. The root stays at home. */
export interface ServerCredentials {
  keyPem: string;
  certificateChainPem: string;
  /** Absent: TLS 1.2 and 1.3. */
  maxVersion?: 'TLSv1.1';
}

export interface LabPkiOptions {
  /** Epoch milliseconds. Roots are valid for 20 years from 5 years before, leaves for one year from 30 days before. */
  validFrom: number;
  clock: Clock;
  /** Default: the published ones, which protect nothing. */
  keys?: LabKeys;
  /** From `notBefore` to `notAfter` of the leaves. Default: a year. */
  leafLifetimeMs?: number;
}

/** A CA with what it takes to issue. */
interface Authority extends Issuer {
  name: string;
}

/** The authorities above one server, from the root down. */
interface Branch {
  root: Authority;
  issuing?: Authority;
}

/**
 * The certification authorities of the lab: for each of the two servers a root, an issuing CA and a leaf, named like the
 * real ones but with `O=isebed lab`, so that nobody can take them for real. Beside them stand CAs that no server uses
 * until `chainFor` says so.
 *
 * By default the keys are those of `lab-keys.json`, which are public and protect nothing. A live testbed that real
 * machines trust passes keys of its own (`generateLabKeys`).
 */
export class LabPki {
  /** The CAs beside the two chains, each from the moment it is first asked for. */
  private readonly further = new Map<FurtherPkiName, Branch>();

  private constructor(
    private readonly options: Required<LabPkiOptions>,
    private readonly healthy: HealthyChains,
  ) {}

  static issue({ validFrom, clock, keys, leafLifetimeMs = YEAR_MS }: LabPkiOptions): Promise<LabPki> {
    return clock.hold(async () => {
      const healthy = keys
        ? await issueHealthyChains(keys, validFrom, leafLifetimeMs)
        : await publishedChains(validFrom, leafLifetimeMs);
      return new LabPki({ validFrom, clock, keys: keys ?? publishedLabKeys(), leafLifetimeMs }, healthy);
    });
  }

  /** The CAs above the two servers. */
  get authorities(): readonly LabAuthority[] {
    return [...this.healthy.branches].flatMap(([peer, branch]) => listed(branch, peer));
  }

  /** The CAs beside them that have been asked for so far. */
  get furtherAuthorities(): readonly LabAuthority[] {
    return [...this.further.values()].flatMap((branch) => listed(branch));
  }

  /** Any CA of the lab by its common name. */
  async authorityNamed(name: string): Promise<LabAuthority | undefined> {
    for (const [further, names] of Object.entries<FurtherPki>(FURTHER_PKIS)) {
      if ((names.root === name || names.issuing === name) && isFurtherPki(further)) await this.branchOf(further);
    }
    return [...this.authorities, ...this.furtherAuthorities].find((authority) => authority.name === name);
  }

  serverCredentials(peer: PkiPeer): ServerCredentials {
    const credentials = this.healthy.credentials.get(peer);
    if (!credentials) throw new InvariantError(`no certificate was issued for ${peer}`);
    return credentials;
  }

  /**
   * What an ISE node presents to API clients: a leaf for its name and for loopback, below the CAs of the token endpoint,
   * whose key it shares. So whoever trusts the lab's roots trusts the nodes.
   */
  async nodeCredentials(fqdn: string): Promise<ServerCredentials> {
    const { clock, keys, validFrom, leafLifetimeMs } = this.options;
    const names = LAB_CHAINS.find(({ peer }) => peer === 'token-endpoint');
    const branch = this.healthy.branches.get('token-endpoint');
    if (!names || !branch) throw new InvariantError('no chain for the nodes');
    const leaf = { ...names, leaf: fqdn, dnsNames: [fqdn, 'localhost'], addresses: ['127.0.0.1', '::1'] };
    return clock.hold(() => issueLeaf(leaf, branch, keys, usualValidity(validFrom, leafLifetimeMs)));
  }

  /** What the server has to present for a chain to be as `variant` says, as of `now` (epoch milliseconds). */
  chainFor(peer: PkiPeer, variant: ChainVariant, now: number): Promise<ServerCredentials> {
    const { clock, keys, validFrom, leafLifetimeMs } = this.options;
    const names = LAB_CHAINS.find((chain) => chain.peer === peer);
    const branch = this.healthy.branches.get(peer);
    if (!names || !branch) throw new InvariantError(`no chain for ${peer}`);
    const usual = usualValidity(validFrom, leafLifetimeMs);
    return clock.hold(async () => {
      switch (variant) {
        case 'healthy':
          return this.serverCredentials(peer);
        case 'old-tls-only':
          return { ...this.serverCredentials(peer), maxVersion: 'TLSv1.1' };
        case 'renewed':
          return issueLeaf(names, branch, keys, usualValidity(now, leafLifetimeMs));
        case 'expired':
          return issueLeaf(names, branch, keys, { notBefore: now - YEAR_MS, notAfter: now - DAY_MS });
        case 'not-yet-valid':
          return issueLeaf(names, branch, keys, { notBefore: now + DAY_MS, notAfter: now + YEAR_MS });
        case 'wrong-name':
          return issueLeaf({ ...names, leaf: OTHER_NAME, dnsNames: [OTHER_NAME] }, branch, keys, usual);
        case 'without-intermediate': {
          const { keyPem, certificateChainPem } = this.serverCredentials(peer);
          const end = '-----END CERTIFICATE-----\n';
          return { keyPem, certificateChainPem: certificateChainPem.split(end)[0] + end };
        }
        case 'unknown-root':
          return issueLeaf(names, await this.branchOf('other'), keys, usual);
        case 'new-root':
          return issueLeaf(names, await this.branchOf('new'), keys, usual);
        case 'inspected':
          return issueLeaf(names, await this.branchOf('inspection'), keys, usual);
      }
    });
  }

  private async branchOf(name: FurtherPkiName): Promise<Branch> {
    const { clock, keys, validFrom } = this.options;
    const known = this.further.get(name);
    if (known) return known;
    const branch = await clock.hold(() => issueBranch(FURTHER_PKIS[name], keys, validFrom));
    this.further.set(name, branch);
    return branch;
  }
}

/** The two chains as they are when nothing is wrong. */
interface HealthyChains {
  branches: ReadonlyMap<PkiPeer, Branch>;
  credentials: ReadonlyMap<PkiPeer, ServerCredentials>;
}

async function issueHealthyChains(keys: LabKeys, validFrom: number, leafLifetimeMs: number): Promise<HealthyChains> {
  const branches = new Map<PkiPeer, Branch>();
  const credentials = new Map<PkiPeer, ServerCredentials>();
  for (const names of LAB_CHAINS) {
    const branch = await issueBranch(names, keys, validFrom);
    branches.set(names.peer, branch);
    credentials.set(names.peer, await issueLeaf(names, branch, keys, usualValidity(validFrom, leafLifetimeMs)));
  }
  return { branches, credentials };
}

/** Chains kept for later runs of this thread: with the published keys, equal dates give equal certificates. */
const CHAINS_KEPT_MAX = 32;
const keptChains = new Map<string, HealthyChains>();

async function publishedChains(validFrom: number, leafLifetimeMs: number): Promise<HealthyChains> {
  const key = `${validFrom}/${leafLifetimeMs}`;
  const kept = keptChains.get(key);
  if (kept) return kept;
  const issued = await issueHealthyChains(publishedLabKeys(), validFrom, leafLifetimeMs);
  if (keptChains.size < CHAINS_KEPT_MAX) keptChains.set(key, issued);
  return issued;
}

function isFurtherPki(name: string): name is FurtherPkiName {
  return Object.hasOwn(FURTHER_PKIS, name);
}

function usualValidity(validFrom: number, lifetimeMs: number): { notBefore: number; notAfter: number } {
  return { notBefore: validFrom - 30 * DAY_MS, notAfter: validFrom - 30 * DAY_MS + lifetimeMs };
}

function listed({ root, issuing }: Branch, peer?: PkiPeer): LabAuthority[] {
  const entry = ({ name, certificate }: Authority, kind: LabAuthority['kind']): LabAuthority => ({
    name,
    kind,
    ...(peer ? { peer } : {}),
    certificatePem: pemOf(certificate),
  });
  return [entry(root, 'root'), ...(issuing ? [entry(issuing, 'issuing')] : [])];
}

async function issueBranch(names: FurtherPki, keys: LabKeys, validFrom: number): Promise<Branch> {
  const root = await issueAuthority(names.root, names.keys.root, keys, undefined, {
    notBefore: validFrom - 5 * YEAR_MS,
    notAfter: validFrom + 15 * YEAR_MS,
  });
  if (names.issuing === undefined || names.keys.issuing === undefined) return { root };
  const issuing = await issueAuthority(names.issuing, names.keys.issuing, keys, root, {
    notBefore: validFrom - 2 * YEAR_MS,
    notAfter: validFrom + 8 * YEAR_MS,
  });
  return { root, issuing };
}

async function issueAuthority(
  name: string,
  role: LabKeyRole,
  labKeys: LabKeys,
  issuer: Authority | undefined,
  validity: { notBefore: number; notAfter: number },
): Promise<Authority> {
  const keys = await importKeyPair(labKeys[role]);
  const certificate = await issueCertificate({
    commonName: name,
    keys,
    ...(issuer ? { issuer } : {}),
    ...validity,
    extensions: authorityExtensions(issuer ? 0 : undefined),
  });
  return { name, certificate, keys };
}

/** The leaf of one server, with the CA that issued it: a root of its own is sent along, as inspecting firewalls do. */
async function issueLeaf(
  names: ChainNames & { addresses?: readonly string[] },
  { root, issuing = root }: Branch,
  keys: LabKeys,
  validity: { notBefore: number; notAfter: number },
): Promise<ServerCredentials> {
  const leaf = await issueCertificate({
    commonName: names.leaf,
    keys: await importKeyPair(keys[names.keys.leaf]),
    issuer: issuing,
    ...validity,
    extensions: serverExtensions(names.dnsNames, names.addresses),
  });
  return {
    keyPem: createPrivateKey({ key: { ...keys[names.keys.leaf] }, format: 'jwk' })
      .export({ type: 'pkcs8', format: 'pem' })
      .toString(),
    certificateChainPem: pemOf(leaf) + pemOf(issuing.certificate),
  };
}
