import config from './jest.config.js';

/** What Wireshark makes of the captures. It takes `tshark` and `editcap`, which .ci/run installs. */
export default { ...config, roots: ['<rootDir>/test/captures'], testPathIgnorePatterns: ['/node_modules/'] };
