/**
 * What can be wrong with the bytes of a connection, in Toxiproxy's vocabulary, and `stall`. Milliseconds and bytes;
 * where a direction matters, each direction is treated for itself.
 */
export type WireFault =
  /** Everything takes longer, by `ms` and up to `jitterMs` more: drawn once per connection, so bytes keep their order. */
  | { readonly type: 'latency'; readonly ms: number; readonly jitterMs?: number }
  /** So many kilobits (1000 bits) a second. */
  | { readonly type: 'bandwidth'; readonly kbps: number }
  /** Nothing gets through any more; after `afterMs` the connection is closed, at 0 never. */
  | { readonly type: 'timeout'; readonly afterMs: number }
  /** The connection is reset at once, or once `afterBytes` have passed in one direction. */
  | { readonly type: 'reset'; readonly afterBytes?: number }
  /** Bytes arrive in slices, `delayMs` apart. */
  | { readonly type: 'slicer'; readonly bytes: number; readonly delayMs: number }
  /** The connection is closed once so many bytes have passed in one direction. */
  | { readonly type: 'limit'; readonly bytes: number }
  /** Connections are refused; open ones are closed. */
  | { readonly type: 'down' }
  /** Nothing gets through while it holds; afterwards everything does. */
  | { readonly type: 'stall' };

/** Highest value of any number of a fault: a day in milliseconds, and well beyond any message in bytes. */
export const FAULT_NUMBER_MAX = 1_000_000_000;

/** What is wrong with the numbers of a fault, as `field: what is accepted`; undefined if nothing is. */
export function faultMistake(fault: WireFault): string | undefined {
  const { type: _type, ...numbers } = fault;
  for (const [field, value] of Object.entries(numbers)) {
    const min = field === 'kbps' ? Number.MIN_VALUE : field === 'bytes' && fault.type === 'slicer' ? 1 : 0;
    const whole = field === 'kbps' || Number.isInteger(value);
    if (!whole || !(value >= min && value <= FAULT_NUMBER_MAX)) {
      return `${field}: a ${field === 'kbps' ? '' : 'whole '}number from ${field === 'kbps' ? 'above 0' : min} to ${FAULT_NUMBER_MAX}`;
    }
  }
  return undefined;
}
