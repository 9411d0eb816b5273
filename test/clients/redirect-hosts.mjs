// Preloaded into a Node client (`node --import`) in place of an entry in /etc/hosts and of ports below 1024: the names
// of Microsoft resolve to the testbed, and its ports stand for theirs. The client stays as it is.
import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import tls from 'node:tls';

const ADDRESS = '127.0.0.1';
/** By `name:port`, or by port alone. */
const PORTS = JSON.parse(process.env.ISEBED_TEST_PORTS);

dns.lookup = (_name, options, callback = options) => {
  const all = typeof options === 'object' && options.all;
  process.nextTick(() => (all ? callback(null, [{ address: ADDRESS, family: 4 }]) : callback(null, ADDRESS, 4)));
};
for (const resolver of [dns, dns.Resolver.prototype]) {
  resolver.resolve4 = (_name, ...rest) => process.nextTick(() => rest.at(-1)(null, [ADDRESS]));
  resolver.resolve6 = (_name, ...rest) => {
    process.nextTick(() => rest.at(-1)(Object.assign(new Error('no IPv6 here'), { code: dns.NODATA })));
  };
}
for (const module of [net, tls]) {
  const { connect } = module;
  module.connect = (options, ...rest) => {
    const port = PORTS[`${options?.host}:${options?.port}`] ?? PORTS[options?.port];
    return connect(port && !options.socket ? { ...options, port, lookup: dns.lookup } : options, ...rest);
  };
}
syncBuiltinESMExports();
