/** Why the sponsor portal refuses an operation. `code` is stable, `text` is for the sponsor. */
export interface GuestRefusal {
  readonly code:
    | 'guests.type-unknown'
    | 'guests.duration-not-positive'
    | 'guests.duration-too-long'
    | 'guests.address-invalid'
    | 'guests.username-taken'
    | 'guests.username-invalid'
    | 'guests.field-control-character'
    | 'guests.resend-state'
    | 'guests.resend-password-changed';
  readonly text: string;
}
