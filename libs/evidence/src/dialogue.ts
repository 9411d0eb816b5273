import type { Conversation, TrafficEvent } from './conversation.ts';
import type { Payload } from './payload-store.ts';

/** What one side said until the other did, or something that happened in between. */
export type Turn = { readonly at: number } & (
  | { readonly kind: 'spoken'; readonly by: 'node' | 'peer'; text: string; missing: number }
  | { readonly kind: 'remark'; readonly text: string }
);

export type Spoken = Extract<Turn, { kind: 'spoken' }>;

/** The plain text of a connection in turns: TLS is seen through, as the node itself sees it. */
export function dialogueOf({ events }: Conversation): Turn[] {
  const turns: Turn[] = [];
  let isSecured = false;
  for (const event of events) {
    switch (event.kind) {
      case 'sent':
      case 'received':
        if (!isSecured) speak(turns, event.at, event.kind === 'sent' ? 'node' : 'peer', event.payload);
        break;
      case 'said':
      case 'heard':
        speak(turns, event.at, event.kind === 'said' ? 'node' : 'peer', event.payload);
        break;
      case 'tls-begun':
        isSecured = true;
        turns.push({ at: event.at, kind: 'remark', text: 'TLS handshake' });
        break;
      default: {
        const text = remarkOn(event);
        if (text !== undefined) turns.push({ at: event.at, kind: 'remark', text });
      }
    }
  }
  return turns;
}

function speak(turns: Turn[], at: number, by: 'node' | 'peer', { bytes, length }: Payload): void {
  // One character per octet: what is not ASCII is none of the protocols' business.
  const text = bytes?.toString('latin1') ?? '';
  const missing = bytes ? 0 : length;
  const last = turns.at(-1);
  if (last?.kind === 'spoken' && last.by === by) {
    last.text += text;
    last.missing += missing;
  } else {
    turns.push({ at, kind: 'spoken', by, text, missing });
  }
}

function remarkOn(event: TrafficEvent): string | undefined {
  switch (event.kind) {
    case 'note':
      return event.text;
    case 'node-close':
      return 'closed by the node';
    case 'peer-close':
      return 'closed by the other side';
    case 'peer-reset':
      return 'reset by the other side';
    case 'lost':
      return 'cut off';
    default:
      return undefined;
  }
}
