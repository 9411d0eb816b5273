import { dirname, join } from 'node:path';
import { ROOT_CAUSE_CODES } from '#libs/diagnosis';
import { loadScenarioFile, type Scenario } from '#libs/scenario';
import { SecretVault, type StoredSmtpServer } from '#libs/settings';
import { Random, VirtualClock } from '#libs/simulation';
import { mayHoldSecrets } from './evidence-folder.ts';
import { filesBelow, isebed, PROJECT, temporaryFolder } from './isebed-process.ts';

// A secret is in nothing that a run leaves, so the run itself must be asked for it. The program has no index to come in
// by, and needs none but here.
const { runScenario } = await import('../../apps/isebed/src/run/run-scenario.ts');
const { ADMIN } = await import('../../apps/isebed/src/testbed/lab-admin.ts');
const { ScenarioWorld } = await import('../../apps/isebed/src/run/scenario-world.ts');

/** Every kind of mail, secrets that are wrong, no secret or past their end, and what somebody types who then fails. */
const TYPED_SECRETS = 'test/fixtures/secrets/typed-secrets.yaml';
/** An administrator creates a user with a password, and a secret whose value is in an answer. */
const SET_UP = 'scenarios/operations/set-up-from-empty-tenant.yaml';
const SCENARIOS = [
  'scenarios/operations/healthy-day.yaml',
  SET_UP,
  'scenarios/troubleshooting/t3-secret-expired.yaml',
  'scenarios/troubleshooting/t3-secret-id.yaml',
  'scenarios/troubleshooting/t3-wrong-secret-value.yaml',
  TYPED_SECRETS,
];
/** Ends before the first step; its deployment and tenant are those of its seed, as in the one above. */
const NEVER_BEGINS = 'test/fixtures/secrets/wrong-secret-from-the-start.yaml';
const REPORTERS_FOR_PROGRAMS = ['json', 'junit', 'tap'];

/** As the fixtures have them. */
const TYPED = [
  'Nobody-signs-1n',
  'Pr0xy-Passw0rd-typed',
  'Wr0ng~Client-Secret.typed+by/somebody==',
  'Wr0ng~Client-Secret.of-the-start',
];

/** What must be nowhere, whatever its value: a JSON Web Token, an XOAUTH2 response ("user="), a header with a token. */
const FORBIDDEN = [/eyJ[\w-]{5}/, /dXNlcj[\w+/]/, /Bearer [\w-]/i, /Basic [\w+/]{8}/];

function load(file: string): Scenario {
  const { scenario } = loadScenarioFile(join(PROJECT, file), { catalogueCodes: ROOT_CAUSE_CODES });
  if (!scenario) throw new Error(`${file} is no valid scenario`);
  return scenario;
}

function deploymentKey(seed: number): string {
  return new Random(String(seed)).stream('deployment key').hex(64);
}

/** The secret as it is, and as it would look inside a URL, a JSON string or at any place of a base64 text. */
function disguises(secret: string): string[] {
  const inBase64 = [0, 1, 2].map((before) => {
    const text = Buffer.from(' '.repeat(before) + secret).toString('base64');
    // The characters at both ends depend on the neighbours, too.
    return text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + secret.length) * 8) / 6));
  });
  const inBase64Url = inBase64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_'));
  const plain = [secret, encodeURIComponent(secret), new URLSearchParams({ s: secret }).toString().slice(2)];
  return [...new Set([...plain, ...inBase64, ...inBase64Url, Buffer.from(secret).toString('hex')])];
}

type World = NonNullable<Awaited<ReturnType<typeof runScenario>>['world']>;

/** Runs the scenario in this process: same seed, same secrets. */
async function worldOf(scenario: Scenario): Promise<World> {
  const { world } = await runScenario(scenario);
  if (!world) throw new Error(`${scenario.file} broke down`);
  return world;
}

describe('what runs leave behind, but for captures and their keys,', () => {
  const out = temporaryFolder();
  /** Every text, by where it stands. */
  const texts = new Map<string, string>();
  const secrets = new Set<string>(TYPED);
  const clientIds: string[] = [];

  beforeAll(async () => {
    const keep = async (name: string, ...args: string[]): Promise<void> => {
      const { stdout, stderr } = await isebed(['run', ...args]);
      texts.set(`${name}: stdout`, stdout).set(`${name}: stderr`, stderr);
    };
    await keep('pretty', ...SCENARIOS, NEVER_BEGINS, '--verbose', '--out', out.path);
    for (const name of REPORTERS_FOR_PROGRAMS) {
      await keep(name, TYPED_SECRETS, NEVER_BEGINS, '--reporter', name);
    }
    for (const [file, bytes] of filesBelow(out.path)) if (!mayHoldSecrets(file)) texts.set(file, bytes.toString());
    for (const file of SCENARIOS) {
      const scenario = load(file);
      const world = await worldOf(scenario);
      const { userName, password } = ADMIN;
      const found = [deploymentKey(scenario.given.seed), ...world.secretValues(), password, `${userName}:${password}`];
      found.forEach((secret) => secrets.add(secret));
      clientIds.push(world.lookup(file === SET_UP ? 'noted.clientId' : 'app.clientId'));
    }
  });
  afterAll(() => out[Symbol.dispose]());

  it('is of the very runs whose secrets are looked for', async () => {
    const all = [...texts.values()].join('\n');
    for (const clientId of clientIds) expect(all).toContain(clientId);
    expect(secrets).toContain((await worldOf(load(SET_UP))).lookup('secrets.ise.value'));
    expect(secrets.size).toBeGreaterThan(clientIds.length + TYPED.length);
    for (const secret of secrets) expect(secret.length).toBeGreaterThan(11);
    expect([...texts.keys()].filter((file) => file.endsWith('.eml')).length).toBeGreaterThan(7);
  });

  it('has no secret in it, in no disguise', () => {
    const found = [...texts].flatMap(([place, text]) =>
      [...secrets].filter((secret) => disguises(secret).some((form) => text.includes(form))).map(() => place),
    );
    expect(found).toEqual([]);
  });

  it('has no token in it, and nothing that looks like one', () => {
    const found = [...texts].flatMap(([place, text]) =>
      FORBIDDEN.filter((pattern) => pattern.test(text)).map((pattern) => `${place}: ${pattern}`),
    );
    expect(found).toEqual([]);
  });

  it("has a guest's password in his mails alone", () => {
    let guests = 0;
    for (const [place, mail] of texts) {
      const password = /^Password: (\S+)$/m.exec(mail)?.[1];
      if (!place.endsWith('.eml') || password === undefined || password === 'password') continue;
      guests += 1;
      const run = dirname(dirname(place));
      const others = [...texts].filter(([other]) => other.startsWith(run) && !other.endsWith('.eml'));
      expect(others.length).toBeGreaterThan(6);
      // Four digits may come up as a duration.
      const word = new RegExp(`(?<![\\w.-])${password}(?![\\w-]| Milliseconds)`);
      const telling = others.filter(([, text]) => word.test(text.replace(/"\w+": ?\d+(?=[,}\n])/g, '')));
      expect(telling.map(([other]) => other)).toEqual([]);
    }
    expect(guests).toBeGreaterThan(3);
  });
});

describe('the database of a node', () => {
  it('holds the client secret sealed, on each of the six nodes', async () => {
    const scenario = load('scenarios/operations/healthy-day.yaml');
    const { seed, clock: startAt } = scenario.given;
    await VirtualClock.run({ startAt }, async (clock) => {
      const world = await ScenarioWorld.start(scenario, seed, clock);
      await world.prepare();
      const { testbed } = world;
      try {
        await clock.sleep(10_000); // for the replication
        const secret = testbed.microsoft.secrets.get('current')?.value ?? '';
        expect(secret.length).toBeGreaterThan(30);
        expect(testbed.deployment.nodes).toHaveLength(6);
        const sealed = testbed.deployment.nodes.map(({ name }) => {
          const { store } = testbed.node(name).context;
          const stored = JSON.stringify(store.snapshot());
          expect(disguises(secret).filter((form) => stored.includes(form))).toEqual([]);
          expect(stored).not.toContain(deploymentKey(seed));
          const settings = store.get<StoredSmtpServer>('smtp-server');
          return settings?.authentication === 'oauth' ? settings.clientSecret : undefined;
        });
        expect(new Set(sealed).size).toBe(1);
        const [box] = sealed;
        if (box === undefined) throw new Error('no SMTP settings are stored');
        expect(new SecretVault(deploymentKey(seed), new Random('a reader')).open(box)).toBe(secret);
      } finally {
        await testbed.stop();
      }
    });
  });
});
