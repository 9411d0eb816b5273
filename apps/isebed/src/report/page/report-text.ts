/** `05:00:28.538` of an ISO time. */
export function clockTime(iso: string): string {
  return iso.slice(11, 23);
}

/** `2026-02-02 05:00:28`. */
export function dateTime(iso: string): string {
  return iso.slice(0, 19).replace('T', ' ');
}

/** A path below the folder of the page, as a link that can lead nowhere else. */
export function fileLink(path: string): string {
  return `./${path.split('/').map(encodeURIComponent).join('/')}`;
}

/** Shortened to so many characters. */
export function clipped(text: string, charactersMax: number): string {
  return text.length <= charactersMax ? text : `${text.slice(0, charactersMax - 1)}…`;
}
