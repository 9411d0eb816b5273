import config from './jest.config.js';

/** Real clients against `isebed up`: what they need beyond npm is what .ci/run installs. */
export default { ...config, roots: ['<rootDir>/test/clients'], testPathIgnorePatterns: ['/node_modules/'] };
