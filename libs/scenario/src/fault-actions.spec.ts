import { readScenario } from './scenario-reader.ts';

function read(...lines: string[]) {
  const text = ['name: faults', 'steps:', '  - break: something', ...lines.map((line) => `    ${line}`), ''].join('\n');
  return readScenario('faults.yaml', text);
}

describe('actions on the wire', () => {
  it('reads a fault with its trigger', () => {
    const { scenario, mistakes } = read(
      'fault.add:',
      '  { name: slow, type: latency, ms: 500, jitterMs: 20, when: { node: psn1, mail: alarm, stage: auth, first: 2, for: 90s } }',
    );
    expect(mistakes).toEqual([]);
    expect(scenario?.steps[0]).toMatchObject({
      actions: [
        {
          name: 'fault.add',
          fault: 'slow',
          wire: { type: 'latency', ms: 500, jitterMs: 20 },
          trigger: { nodes: ['psn1'], mailType: 'alarm', stage: 'auth', first: 2 },
          forMs: 90_000,
        },
      ],
    });
  });

  it.each([
    ['node.clockSkew: { node: psn1, by: -60d }', { node: 'psn1', byMs: -60 * 86_400_000 }],
    ['node.clockSkew: { node: psn1, by: 0s }', { node: 'psn1', byMs: 0 }],
    ['network.setName: { name: smtp.office365.com, address: null }', { host: 'smtp.office365.com', address: null }],
    ['proxy.policy: { allowedPorts: [443] }', { allowedPorts: [443] }],
    ['tls.serverChain: { peer: smtp, variant: expired }', { peer: 'smtp', variant: 'expired' }],
  ])('reads %s', (line, action) => {
    expect(read(line).scenario?.steps[0]).toMatchObject({ actions: [action] });
  });

  it.each([
    ['fault.ad: { name: f, type: stall }', { nearest: 'fault.add' }],
    [
      'fault.add: { name: f, type: latncy, ms: 1 }',
      { expected: expect.stringContaining('latency'), nearest: 'latency' },
    ],
    ['fault.add: { name: f, type: latency, ms: -1 }', { expected: expect.stringContaining('from 0') }],
    ['fault.add: { name: f, type: bandwidth, kbps: 0 }', { expected: expect.stringContaining('above 0') }],
    ['fault.add: { name: f, type: stall, when: { stagee: auth } }', { nearest: 'stage' }],
    ['fault.add: { name: f, type: stall, when: { node: psn9 } }', { message: expect.stringContaining('psn9') }],
    ['fault.remove: { name: g }', { message: 'unknown fault "g"', expected: expect.stringContaining('none') }],
    ['tls.serverChain: { peer: smtp, variant: expird }', { nearest: 'expired' }],
    ['node.clockSkew: { node: psn1, by: soon }', { expected: expect.stringContaining('-60d') }],
  ])('says what is wrong with %s', (line, mistake) => {
    const { mistakes } = read(line);
    expect(mistakes).toEqual([expect.objectContaining(mistake)]);
  });
});
