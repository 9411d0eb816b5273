import config from './jest.config.js';

/** Pages in a real browser: Debian's Chromium, which .ci/run installs. */
export default { ...config, roots: ['<rootDir>/test/browser'], testPathIgnorePatterns: ['/node_modules/'] };
