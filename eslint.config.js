import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { habitRules } from './tools/lint/habits.js';
import { layeringConfig } from './tools/lint/layers.js';

const SOURCES = ['libs/**/*.ts', 'mocks/**/*.ts', 'apps/**/*.ts'];

/** The files that open connections for everybody else. */
const DIALLERS = [
  'libs/network/**/*.ts',
  'libs/oauth-client/src/msal-network-client.ts',
  'libs/tenant-admin/src/https-exchange.ts',
  'apps/isebed/src/testbed/node-api.ts',
  'apps/isebed/src/testbed/signing-keys.ts',
  'apps/isebed/src/up/api-client.ts',
];

export default defineConfig(
  globalIgnores(['dist/', 'out/', 'coverage/']),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  {
    files: ['**/*.js', '**/*.mjs'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly' } },
    rules: { 'no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }] },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/return-await': ['error', 'in-try-catch'],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // What an interface calls asynchronous may have nothing to wait for.
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    // Jest's matchers and parsed answers are `any`; where they are not what was expected, the test says so.
    files: ['**/*.spec.ts', 'test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      'no-control-regex': 'off',
    },
  },

  layeringConfig(),

  { files: SOURCES, rules: habitRules() },
  { files: DIALLERS, rules: habitRules({ dialling: true }) },
  { files: ['libs/trust/src/trusting-tls.ts'], rules: habitRules({ dialling: true, unverifiedTls: true }) },
  { files: ['libs/simulation/**/*.ts'], rules: habitRules({ realTime: true }) },
  { files: ['apps/*/src/**/*environment*.ts'], rules: habitRules({ environment: true }) },
  // A run says how long it took. Commands load what they need when they run.
  { files: ['apps/isebed/src/run/run-scenario.ts'], rules: habitRules({ measuring: true }) },
  { files: ['apps/isebed/src/commands/**/*.ts'], rules: habitRules({ measuring: true, dynamicImport: true }) },
  {
    files: ['**/*.spec.ts', 'test/**/*.ts'],
    rules: habitRules({ measuring: true, dialling: true, dynamicImport: true }),
  },
  {
    files: ['libs/simulation/**/*.spec.ts'],
    rules: habitRules({ realTime: true, dialling: true, dynamicImport: true }),
  },
  {
    // Real programs, from outside.
    files: ['test/e2e/**/*.ts', 'test/clients/**/*.ts', 'test/browser/**/*.ts'],
    rules: habitRules({ realTime: true, dialling: true, environment: true, dynamicImport: true }),
  },
  {
    files: ['test/bench/**/*.ts', 'tools/**/*.ts'],
    rules: habitRules({
      realTime: true,
      dialling: true,
      environment: true,
      console: true,
      defaultExport: true,
      dynamicImport: true,
    }),
  },
);
