// Habits that the testbed stands on: time from Clock, chance from Random, connections from the node's network view.
// What may not be done, where, and what to do instead.

const TIME = 'Time comes from the Clock that the constructor was given: clock.now(), clock.after(), clock.sleep().';
const CHANCE = 'Chance comes from a Random stream that the constructor was given, so that a seed replays the run.';
const DIAL = "Connections are dialled through the node's network view: network.dial(), then trust.secure().";
const SETTINGS = 'Settings are read in apps/<name>/src/*environment*.ts and handed on as an object.';
const OUTPUT = 'Write to the stream that the program was given (context.stdout, context.stderr), or to the journal.';

const REAL_TIME_GLOBALS = ['setTimeout', 'setInterval', 'setImmediate'];
const DIALLING_GLOBALS = ['fetch', 'WebSocket', 'EventSource'];
const CHANCE_FUNCTIONS = ['randomUUID', 'randomBytes', 'randomInt', 'randomFill', 'randomFillSync', 'getRandomValues'];

/** Switches of a group of files; each lifts one habit. */
const NOTHING_LIFTED = {
  realTime: false,
  measuring: false,
  dialling: false,
  environment: false,
  console: false,
  defaultExport: false,
  dynamicImport: false,
  unverifiedTls: false,
};

/** The rules of all habits but those that `lifted` names. */
export function habitRules(lifted = {}) {
  const may = { ...NOTHING_LIFTED, ...lifted };
  return {
    'no-restricted-globals': refusing(restrictedGlobals(may)),
    'no-restricted-properties': refusing(restrictedProperties(may)),
    'no-restricted-syntax': refusing(restrictedSyntax(may)),
    '@typescript-eslint/no-restricted-imports': ['error', { paths: restrictedPaths(may) }],
  };
}

/** ESLint takes an error without options for "as before", so a rule with nothing left to refuse is switched off. */
function refusing(options) {
  return options.length === 0 ? 'off' : ['error', ...options];
}

function restrictedGlobals(may) {
  return [
    ...unless(may.realTime, REAL_TIME_GLOBALS, (name) => ({ name, message: TIME })),
    ...unless(may.realTime || may.measuring, ['performance'], (name) => ({ name, message: TIME })),
    ...unless(may.dialling, DIALLING_GLOBALS, (name) => ({ name, message: DIAL })),
    ...unless(may.console, ['console'], (name) => ({ name, message: OUTPUT })),
  ];
}

function restrictedProperties(may) {
  const ofGlobalThis = restrictedGlobals(may).map(({ name, message }) => ({
    object: 'globalThis',
    property: name,
    message,
  }));
  return [
    ...ofGlobalThis,
    ...unless(
      may.realTime,
      [
        ['Date', 'now'],
        ['AbortSignal', 'timeout'],
        ['process', 'hrtime'],
        ['process', 'uptime'],
      ],
      ([object, property]) => ({ object, property, message: TIME }),
    ),
    { object: 'Math', property: 'random', message: CHANCE },
    ...CHANCE_FUNCTIONS.map((property) => ({ property, message: CHANCE })),
    ...unless(may.environment, ['env'], (property) => ({ object: 'process', property, message: SETTINGS })),
  ];
}

function restrictedSyntax(may) {
  return [
    ...unless(
      may.realTime,
      [
        "NewExpression[callee.name='Date'][arguments.length=0]",
        "CallExpression[callee.name='Date']",
        // A socket's own timeout counts real time; `this` is our own class that counts the testbed's.
        "CallExpression[callee.property.name='setTimeout'][callee.object.type!='ThisExpression'][callee.object.name!='globalThis']",
      ],
      (selector) => ({ selector, message: TIME }),
    ),
    ...unless(
      may.unverifiedTls,
      [
        "Property[key.name='rejectUnauthorized'][value.value=false]",
        "Property[key.value='rejectUnauthorized'][value.value=false]",
      ],
      (selector) => ({
        selector,
        message: "Servers are judged by the node's Trusted Certificates: trust.secure() or trust.requireTrust().",
      }),
    ),
    ...unless(
      may.defaultExport,
      ['ExportDefaultDeclaration', "ExportSpecifier[exported.name='default']"],
      (selector) => ({
        selector,
        message: 'Export it by name: then it has one name everywhere.',
      }),
    ),
    ...unless(may.dynamicImport, ['ImportExpression'], (selector) => ({
      selector,
      message:
        'Import at the top of the file, where layering is checked; or hand the thing in through the constructor.',
    })),
  ];
}

function restrictedPaths(may) {
  const diallers = {
    net: ['connect', 'createConnection', 'Socket'],
    tls: ['connect'],
    http: ['request', 'get'],
    https: ['request', 'get'],
    http2: ['connect'],
  };
  return [
    ...unless(may.realTime, ['timers', 'timers/promises'], (name) => whole(name, TIME)),
    ...unless(may.realTime || may.measuring, ['perf_hooks'], (name) => whole(name, TIME)),
    ...unless(may.dialling, Object.entries(diallers), ([name, functions]) => parts(name, functions, DIAL)),
    ...unless(may.dialling, ['dns', 'dns/promises', 'dgram'], (name) => whole(name, DIAL)),
    ...unless(may.environment, ['process'], (name) => parts(name, ['env'], SETTINGS)),
    ...parts('crypto', CHANCE_FUNCTIONS, CHANCE),
  ].flat();
}

function whole(name, message) {
  return [name, `node:${name}`].map((path) => ({ name: path, message, allowTypeImports: true }));
}

/** Some of a module's exports; `* as` and the default import, which hold them all, with them. */
function parts(name, functions, message) {
  return whole(name, message).map((path) => ({ ...path, importNames: [...functions, 'default'] }));
}

function unless(lifted, names, toOption) {
  return lifted ? [] : names.map(toOption);
}
