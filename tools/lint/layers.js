// Who may import whom. An element is one folder of libs/, mocks/ or apps/, or the whole of test/ or tools/; it is
// entered only through its src/index.ts, by the names of "imports" in package.json.

const FOUNDATION = ['libs/diagnosis', 'libs/simulation'];
const MAIL_PATH = ['libs/network', 'libs/trust', 'libs/node-log', 'libs/settings', ...FOUNDATION];

/** For each element the elements that it may import. `*` stands for every name of that folder. */
const LAYERS = {
  'libs/diagnosis': [],
  'libs/simulation': ['libs/diagnosis'],
  'libs/fault': FOUNDATION,
  'libs/scenario': ['libs/fault', 'libs/diagnosis'],
  'libs/tenant-seed': ['libs/scenario', ...FOUNDATION],
  'libs/network': ['libs/fault', ...FOUNDATION],
  'libs/trust': FOUNDATION,
  'libs/node-log': FOUNDATION,
  'libs/settings': FOUNDATION,
  'libs/deployment': FOUNDATION,
  'libs/guests': ['libs/deployment', ...FOUNDATION],
  'libs/identities': ['libs/deployment', ...FOUNDATION],
  'libs/alarms': ['libs/deployment', ...FOUNDATION],
  'libs/notification': [
    'libs/guests',
    'libs/identities',
    'libs/alarms',
    'libs/settings',
    'libs/deployment',
    ...FOUNDATION,
  ],
  'libs/oauth-client': MAIL_PATH,
  'libs/mail-submission': ['libs/oauth-client', ...MAIL_PATH],
  'libs/tenant-admin': ['libs/network', 'libs/trust', ...FOUNDATION],
  'libs/replication': ['libs/network', ...FOUNDATION],
  'libs/evidence-reader': FOUNDATION,
  'libs/evidence': ['libs/network', 'libs/trust', ...FOUNDATION],
  'mocks/*': FOUNDATION,
  'apps/ise-node': ['libs/*', '!libs/scenario', '!libs/evidence', '!libs/tenant-admin'],
  'apps/isebed': ['libs/*', 'mocks/*', 'apps/ise-node'],
  test: ['libs/*', 'mocks/*', 'apps/*'],
  tools: ['libs/*', 'mocks/*', 'apps/*'],
};

const NO_ROW = 'This folder has no row in tools/lint/layers.js: add one that says what it may import.';

/** The `no-restricted-imports` blocks that hold every element to its row, and a folder without a row to nothing. */
export function layeringConfig() {
  return [
    { files: ['libs/**/*.ts', 'mocks/**/*.ts', 'apps/**/*.ts'], rules: layeringRule([], NO_ROW) },
    ...Object.entries(LAYERS).map(([element, allowed]) => ({
      files: [`${element}/**/*.ts`],
      rules: layeringRule(
        allowed,
        `${element} may import ${allowed.length === 0 ? 'no other element' : allowed.map(inWords).join(', ')}` +
          ' (tools/lint/layers.js). Move the code, or hand the value in from above.',
      ),
    })),
  ];
}

function layeringRule(allowed, message) {
  const may = alternatives(allowed.filter((name) => !name.startsWith('!')));
  const mayNot = alternatives(allowed.filter((name) => name.startsWith('!')).map((name) => name.slice(1)));
  return {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          { regex: `^#(?:${mayNot}(?:/|$)|(?!${may}(?:/|$)))`, message },
          {
            regex: '^#[^/]+/[^/]+/',
            message: 'An element is entered through its index.ts only: write "#libs/<name>".',
          },
          {
            regex: '^(?:\\.\\./)+(?:(?:libs|mocks|apps|test|tools|bin|dist)/|(?:[^./][^/]*/)*src/)',
            message:
              'A relative import stays inside its element: write "#libs/<name>", "#mocks/<name>" or "#apps/<name>".',
          },
        ],
      },
    ],
  };
}

/** A group that matches each of the names, or nothing at all. */
function alternatives(names) {
  return names.length === 0 ? '(?!)' : `(?:${names.map((name) => name.replace('*', '[^/]+')).join('|')})`;
}

function inWords(name) {
  return name.startsWith('!') ? `but not #${name.slice(1)}` : `#${name}`;
}
