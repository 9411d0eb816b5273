import { recorded, START, type Recording } from './capture.fixture.ts';
import { TCP_FLAGS } from './ip-packet.ts';
import { packetsOf, type SeenPacket } from './tcp-packets.ts';

const IP_HEADER_BYTES = 20;

/** `12 > S 0 0 0`: milliseconds since the start, direction, flags, and relative sequence number, acknowledgement, length. */
async function packets(record: (recording: Recording) => Promise<void>, payloadBytesMax?: number): Promise<string[]> {
  return (await seen(record, payloadBytesMax)).map(({ line }) => line);
}

async function seen(
  record: (recording: Recording) => Promise<void>,
  payloadBytesMax?: number,
): Promise<(SeenPacket & { line: string })[]> {
  const log = await recorded(record, payloadBytesMax);
  const [conversation] = log.conversations;
  if (!conversation) throw new Error('nothing was recorded');
  const first = { out: 0, in: 0 };
  return packetsOf(conversation, log.endedAt ?? Infinity).map((packet) => {
    const at = packet.at - START;
    if (packet.bytes[9] === 17) return { ...packet, line: `${at} ${packet.isOutbound ? '>' : '<'} DNS` };
    const tcp = packet.bytes.subarray(IP_HEADER_BYTES);
    const flags = tcp.readUInt8(13);
    const [sequence, acknowledgement] = [tcp.readUInt32BE(4), tcp.readUInt32BE(8)];
    if (flags & TCP_FLAGS.syn) first[packet.isOutbound ? 'out' : 'in'] = sequence;
    const own = packet.isOutbound ? first.out : first.in;
    const others = packet.isOutbound ? first.in : first.out;
    const names = Object.entries(TCP_FLAGS).filter(([, bit]) => flags & bit);
    const length = packet.originalLength - IP_HEADER_BYTES - (tcp.readUInt8(12) >> 4) * 4;
    const relative = (value: number, start: number): number => (start === 0 ? 0 : (value - start) >>> 0);
    const line = [
      at,
      packet.isOutbound ? '>' : '<',
      names.map(([name]) => name.toUpperCase()).join('+'),
      relative(sequence, own),
      flags & TCP_FLAGS.ack ? relative(acknowledgement, others) : 0,
      length,
    ].join(' ');
    return { ...packet, line };
  });
}

describe('a dial', () => {
  it('asks a name server, shakes hands, and acknowledges', async () => {
    const lines = await packets(async ({ clock, dial }) => {
      const conversation = dial();
      conversation.resolved('203.0.113.25', true);
      await clock.sleep(20);
      conversation.connected(20);
    });
    expect(lines).toEqual(['0 > DNS', '0.25 < DNS', '0.5 > SYN 0 0 0', '20 < SYN+ACK 0 1 0', '20 > ACK 1 1 0']);
  });

  it('ends with a negative answer where there is no such name', async () => {
    const all = await seen(async ({ clock, dial }) => {
      const conversation = dial({ host: 'smtp.typo.example', port: 587 });
      conversation.resolved(undefined, true);
      await clock.sleep(20);
      conversation.failed('dns-failure');
    });
    expect(all.map(({ line }) => line)).toEqual(['0 > DNS', '20 < DNS']);
    expect((all[1]?.bytes.readUInt16BE(30) ?? 0) & 0xf).toBe(3);
  });

  it('is refused with RST', async () => {
    const lines = await packets(async ({ clock, dial }) => {
      const conversation = dial();
      conversation.resolved('203.0.113.25', false);
      await clock.sleep(20);
      conversation.failed('connection-refused');
    });
    expect(lines).toEqual(['0 > SYN 0 0 0', '20 < RST+ACK 0 1 0']);
  });

  it('goes on with SYN, with doubled pauses, until it is given up; the first says why nothing answers', async () => {
    const all = await seen(async ({ clock, dial }) => {
      const conversation = dial();
      conversation.resolved('203.0.113.25', false);
      conversation.dropped('egress-policy');
      await clock.sleep(60_000);
      conversation.failed('connect-timeout');
    });
    const times = [0, 1_000, 3_000, 7_000, 15_000, 31_000];
    expect(all.map(({ line }) => line)).toEqual(times.map((at) => `${at} > SYN 0 0 0`));
    expect(all.map(({ comments }) => comments.length)).toEqual([1, 0, 0, 0, 0, 0]);
    expect(all[0]?.comments).toEqual(['nothing gets through: egress-policy']);
  });
});

describe('an open connection', () => {
  it('cuts what is sent at one moment into segments of 1460 octets', async () => {
    const lines = await packets(async ({ connect }) => {
      const conversation = await connect();
      conversation.sent(Buffer.alloc(1_000));
      conversation.sent(Buffer.alloc(1_000));
    });
    expect(lines.slice(3)).toEqual(['20 > ACK 1 1 1460', '20 > PSH+ACK 1461 1 540']);
  });

  it('has the peer acknowledge a round trip later, with its answer where there is one', async () => {
    const lines = await packets(async ({ clock, connect }) => {
      const conversation = await connect();
      conversation.sent(Buffer.alloc(10));
      await clock.sleep(20);
      conversation.arrived(10);
      await clock.sleep(20);
      conversation.received(Buffer.alloc(30));
      await clock.sleep(5);
      conversation.sent(Buffer.alloc(5));
      await clock.sleep(20);
      conversation.arrived(5);
      await clock.sleep(100);
    });
    expect(lines.slice(3)).toEqual([
      '20 > PSH+ACK 1 1 10',
      '60 < PSH+ACK 1 11 30',
      '60 > ACK 11 31 0',
      '65 > PSH+ACK 11 31 5',
      '105 < ACK 31 16 0',
    ]);
  });

  it('ends with FIN from both sides', async () => {
    const lines = await packets(async ({ clock, connect }) => {
      const conversation = await connect();
      conversation.ended('node', 'close');
      await clock.sleep(20);
      conversation.closeArrived();
      await clock.sleep(100);
    });
    expect(lines.slice(3)).toEqual(['20 > FIN+ACK 1 1 0', '60 < FIN+ACK 1 2 0', '60 > ACK 2 2 0']);
  });

  it('ends with RST where the peer resets it, and nothing follows', async () => {
    const lines = await packets(async ({ connect }) => {
      const conversation = await connect();
      conversation.ended('peer', 'reset');
      conversation.sent(Buffer.alloc(10));
      conversation.ended('node', 'close');
    });
    expect(lines.slice(3)).toEqual(['20 < RST+ACK 1 1 0']);
  });

  it('sends again what does not arrive, until the node gives up', async () => {
    const lines = await packets(async ({ clock, connect }) => {
      const conversation = await connect();
      conversation.sent(Buffer.alloc(10));
      await clock.sleep(5_000);
      conversation.ended('node', 'close');
    });
    expect(lines.slice(3)).toEqual([
      '20 > PSH+ACK 1 1 10',
      '1020 > PSH+ACK 1 1 10',
      '3020 > PSH+ACK 1 1 10',
      '5020 > FIN+ACK 11 1 0',
    ]);
  });

  it('says with the next packet that a fault was applied', async () => {
    const all = await seen(async ({ connect }) => {
      const conversation = await connect();
      conversation.note('fault "mtu" applied: stall at data');
      conversation.sent(Buffer.alloc(10));
    });
    expect(all.at(-1)?.comments).toEqual(['fault "mtu" applied: stall at data']);
  });

  it('has the length of packets whose octets were left out for lack of room, and no more of them', async () => {
    const all = await seen(async ({ clock, connect }) => {
      const conversation = await connect();
      conversation.sent(Buffer.alloc(600));
      await clock.sleep(1);
      conversation.sent(Buffer.alloc(600));
    }, 1_000);
    expect(all.slice(3).map(({ bytes, originalLength }) => [bytes.length, originalLength])).toEqual([
      [40, 640],
      [640, 640],
    ]);
  });
});

describe('checksums', () => {
  it('add up to nothing, of header and of segment, for odd lengths, too', async () => {
    const all = await seen(async ({ connect }) => {
      const conversation = await connect();
      conversation.received(Buffer.from('220 ready\r\n'));
      conversation.sent(Buffer.from('EHLO psn1.lab.example\r\n'));
    });
    for (const { bytes } of all) {
      expect(sum(bytes.subarray(0, IP_HEADER_BYTES))).toBe(0xffff);
      const segment = bytes.subarray(IP_HEADER_BYTES);
      const pseudo = Buffer.concat([bytes.subarray(12, 20), Buffer.from([0, 6, 0, segment.length])]);
      expect(sum(Buffer.concat([pseudo, segment]))).toBe(0xffff);
    }
  });
});

function sum(bytes: Buffer): number {
  const even = bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(1)]);
  let total = 0;
  for (let at = 0; at < even.length; at += 2) total += even.readUInt16BE(at);
  while (total > 0xffff) total = (total & 0xffff) + (total >>> 16);
  return total;
}
