/** Why an operation on a guest account is refused. `code` is stable, `text` is for who asked. */
export interface GuestRefusal {
  readonly code: `guests.${string}`;
  readonly text: string;
  /** The field of the form that is wrong, if it is one. */
  readonly field?: string;
}
