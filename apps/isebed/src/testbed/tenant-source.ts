import { TestbedError } from '#libs/diagnosis';
import { isMapping, nearestOf, readTextFile, readWith, YamlSource, type Mistake } from '#libs/scenario';
import { readTenantSeed, type TenantSeed } from '#libs/tenant-seed';
import { Random } from '#libs/simulation';
import { PERMISSION_NAMES } from '#mocks/entra';
import { microsoftStateSchema, type MicrosoftState } from './microsoft-state.ts';
import { beginningOf } from './tenant-beginning.ts';

/** An exported state of many tenants is large; a larger file is none. */
const SIZE_BYTES_MAX = 16 * 1024 * 1024;

/** What a simulated Microsoft can begin with: a seed that somebody wrote, or a state that was exported. */
export type TenantSource = ({ kind: 'seed'; seed: TenantSeed } | { kind: 'state'; state: MicrosoftState }) & {
  /** What it was read from. */
  text: string;
};

export type TenantReading = { source: TenantSource } | { mistakes: readonly Mistake[] };

/** Reads a seed or a state from YAML or JSON; which of the two it is, its content says. `file` is for the mistakes. */
export function readTenantText(file: string, text: string): TenantReading {
  const yaml = new YamlSource(file, text);
  if (yaml.value === undefined) return { mistakes: yaml.mistakes };
  if (!isMapping(yaml.value)) return { mistakes: [notATenant(yaml)] };
  if ('tenants' in yaml.value) {
    const read = readTenantSeed(yaml, { permissions: PERMISSION_NAMES });
    return 'seed' in read ? tried({ kind: 'seed', seed: read.seed, text }, yaml) : read;
  }
  if ('entra' in yaml.value && 'secrets' in yaml.value) {
    const { output, mistakes } = readWith(microsoftStateSchema, yaml.value, yaml);
    const found = [...yaml.mistakes, ...mistakes];
    return output && found.length === 0 ? tried({ kind: 'state', state: output, text }, yaml) : { mistakes: found };
  }
  return { mistakes: [notATenant(yaml)] };
}

/** Never throws for what the file is or holds. */
export function readTenantFile(path: string): TenantReading {
  const read = readTextFile(path, { expected: 'a tenant seed', bytesMax: SIZE_BYTES_MAX });
  return 'text' in read ? readTenantText(path, read.text) : read;
}

/** What directory and organization would refuse is a mistake as well, though nobody knows where it stands. */
function tried(source: TenantSource, yaml: YamlSource): TenantReading {
  try {
    beginningOf(source, { now: 0, random: new Random('trial') });
    return { source };
  } catch (error) {
    if (!(error instanceof TestbedError)) throw error;
    return { mistakes: [yaml.mistakeAt([], { message: error.message, expected: error.detail.remedy })] };
  }
}

function notATenant(yaml: YamlSource): Mistake {
  const keys = isMapping(yaml.value) ? Object.keys(yaml.value) : [];
  const misspelled = keys.find((key) => nearestOf(key, ['tenants']) !== undefined);
  const expected = 'a tenant seed with "tenants", or an exported state with "entra" and "exchange"';
  if (misspelled === undefined) return yaml.mistakeAt([], { message: 'neither of tenants nor of a state', expected });
  return yaml.mistakeAt([misspelled], { message: `unknown key "${misspelled}"`, expected, nearest: 'tenants' }, 'key');
}
