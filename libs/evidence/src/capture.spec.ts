import { recorded, START } from './capture.fixture.ts';
import { renderCapture } from './capture.ts';

const TYPES = { section: 0x0a0d0d0a, interface: 1, names: 4, packet: 6, secrets: 10 };

interface Block {
  type: number;
  body: Buffer;
}

/** Blocks, each with its length at both ends and a multiple of four octets. */
function blocksOf(file: Buffer): Block[] {
  const blocks: Block[] = [];
  for (let at = 0; at < file.length;) {
    const length = file.readUInt32LE(at + 4);
    expect(length % 4).toBe(0);
    expect(file.readUInt32LE(at + length - 4)).toBe(length);
    blocks.push({ type: file.readUInt32LE(at), body: file.subarray(at + 8, at + length - 4) });
    at += length;
  }
  return blocks;
}

describe('a capture', () => {
  it('has its section, interfaces, names and secrets before the packets', async () => {
    const log = await recorded(async ({ log, connect }) => {
      await connect();
      log.keys.push('CLIENT_RANDOM 00 11');
    });
    const blocks = blocksOf(renderCapture(log, 'a test'));
    expect(blocks.map(({ type }) => type)).toEqual([
      TYPES.section,
      TYPES.interface,
      TYPES.names,
      TYPES.secrets,
      TYPES.packet,
      TYPES.packet,
      TYPES.packet,
    ]);
    expect(blocks[0]?.body.includes('a test')).toBe(true);
    expect(blocks[1]?.body.includes('psn1')).toBe(true);
    expect(blocks[2]?.body.includes('psn1.lab.example\0')).toBe(true);
    expect(blocks[3]?.body.toString('latin1', 8)).toBe('CLIENT_RANDOM 00 11\n');
  });

  it('tells the time in nanoseconds', async () => {
    const log = await recorded(async ({ clock, dial }) => {
      const conversation = dial();
      conversation.resolved('203.0.113.25', true);
      await clock.sleep(1);
    });
    const packets = blocksOf(renderCapture(log, '')).filter(({ type }) => type === TYPES.packet);
    const at = packets.map(({ body }) => (BigInt(body.readUInt32LE(4)) << 32n) + BigInt(body.readUInt32LE(8)));
    const start = BigInt(START) * 1_000_000n;
    expect(at).toEqual([start, start + 250_000n, start + 500_000n]);
  });

  it('says how much was left out for lack of room', async () => {
    const log = await recorded(async ({ connect }) => {
      const conversation = await connect();
      for (let index = 0; index < 3_000; index += 1) conversation.sent(Buffer.alloc(10, 'x'));
    }, 100);
    const file = renderCapture(log, '');
    expect(log.leftOutBytes).toBe(29_900);
    expect(file.includes('The oldest 29900 octets of payload were left out')).toBe(true);
    // One burst of which a part is missing: no octet of it can be placed.
    expect(file.includes('xxxx')).toBe(false);
  });

  it('has nothing in it that came after its end', async () => {
    const log = await recorded(async ({ log, connect }) => {
      const conversation = await connect();
      log.end();
      conversation.sent(Buffer.from('QUIT\r\n'));
      conversation.ended('node', 'close');
      await connect();
    });
    expect(log.conversations).toHaveLength(1);
    expect(blocksOf(renderCapture(log, '')).filter(({ type }) => type === TYPES.packet)).toHaveLength(3);
  });
});
