/** ` NAME` where the name is known, nothing where it is not: `The application${named(clientId)} is disabled.` */
export function named(name: string | undefined): string {
  return name === undefined ? '' : ` ${name}`;
}
