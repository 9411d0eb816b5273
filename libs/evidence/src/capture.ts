import { addressBytes } from './ip-packet.ts';
import { decryptionSecrets, enhancedPacket, interfaceDescription, nameResolution, sectionHeader } from './pcapng.ts';
import { packetsOf } from './tcp-packets.ts';
import type { TrafficLog } from './traffic-log.ts';

/**
 * The traffic of a run as a capture file: one interface per host that dialled, the names of the network, the secrets that
 * decrypt TLS, and every packet in the order of virtual time.
 *
 * @param title what the capture is of, for the comment of the file
 */
export function renderCapture(log: TrafficLog, title: string): Buffer {
  const endedAt = log.endedAt ?? Infinity;
  const packets = log.conversations.flatMap((conversation) => packetsOf(conversation, endedAt));
  packets.sort((a, b) => a.at - b.at);
  const seers = log.hosts.filter(({ host }) => packets.some(({ seenBy }) => seenBy === host.name));
  const interfaceIds = new Map(seers.map(({ host }, index) => [host.name, index]));
  const keyLog = renderKeyLog(log);
  return Buffer.concat([
    sectionHeader('isebed', commentsOn(log, title)),
    ...seers.map(({ host }) =>
      interfaceDescription(host.name, `What ${host.name} (${host.address}) dials`, addressBytes(host.address)),
    ),
    nameResolution(log.hosts.map(({ host, names }) => ({ address: addressBytes(host.address), names }))),
    ...(keyLog === '' ? [] : [decryptionSecrets(keyLog)]),
    ...packets.map((packet) => enhancedPacket({ ...packet, interfaceId: interfaceIds.get(packet.seenBy) ?? 0 })),
  ]);
}

/** The TLS secrets of the run in the form of `SSLKEYLOGFILE`. */
export function renderKeyLog(log: TrafficLog): string {
  return log.keys.map((line) => `${line}\n`).join('');
}

function commentsOn({ leftOutBytes }: TrafficLog, title: string): string[] {
  const comments = [
    title,
    'Simulated network: addresses, ports and times are those of the testbed. Passwords, client secrets and bearer ' +
      'tokens in here are test values that open nothing.',
  ];
  if (leftOutBytes === 0) return comments;
  return [...comments, `The oldest ${leftOutBytes} octets of payload were left out, for lack of room.`];
}
