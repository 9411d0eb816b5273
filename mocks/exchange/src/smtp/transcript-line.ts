/** A line for a transcript: without control characters, and cut. */
export function printable(line: string): string {
  return line.replace(/\p{Cc}/gu, '?').slice(0, 400);
}

/** For a line whose meaning is unknown and which may hold a token or a password that went astray. */
export function withheld(line: string): string {
  return `(${line.length} characters)`;
}

/** A mailbox if it looks like one: a secret pasted into the wrong field must not be written down. */
export function shownMailbox(text: string): string {
  return /^[^\s@]{1,64}@[a-z0-9.-]{1,253}$/i.test(text) ? text : '(not an address)';
}
