import { readFileSync } from 'node:fs';

// One compiler setting for program and tests, but for the import extensions: tests run the sources themselves.
const { $schema: _schema, ...swc } = JSON.parse(readFileSync(new URL('.swcrc', import.meta.url), 'utf8'));
delete swc.jsc.rewriteRelativeImportExtensions;

/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['isebed-source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': ['@swc/jest', { ...swc, swcrc: false, sourceMaps: 'inline' }] },
  roots: ['<rootDir>/apps', '<rootDir>/libs', '<rootDir>/mocks', '<rootDir>/test'],
  testMatch: ['**/*.spec.ts'],
  // Programs of others: jest.clients.config.js, jest.captures.config.js and jest.browser.config.js.
  testPathIgnorePatterns: [
    '/node_modules/',
    ...['clients', 'captures', 'browser'].map((name) => `<rootDir>/test/${name}/`),
  ],
  setupFiles: ['reflect-metadata'],
  // A bound for what hangs, generous for a busy machine: no test measures time by it.
  testTimeout: 60_000,
};
