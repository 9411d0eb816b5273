/**
 * The files of evidence folders whose bytes differ between equal runs (docs/evidence.md): TLS draws its keys from the
 * operating system.
 */
const DIFFERING = ['capture.pcapng', 'tls-keys.log'];

/** They hold what the other files must not. */
export function mayHoldSecrets(path: string): boolean {
  return DIFFERING.some((name) => path.endsWith(name));
}

/** Evidence without what may differ between two runs with the same seed: those files, and their hashes in the index. */
export function comparable(files: ReadonlyMap<string, Buffer>): Map<string, string> {
  return new Map(
    [...files]
      .filter(([path]) => !DIFFERING.some((name) => path.endsWith(name)))
      .map(([path, bytes]) => [path, path.endsWith('evidence.json') ? withoutHashes(bytes) : bytes.toString()]),
  );
}

function withoutHashes(index: Buffer): string {
  const { files, ...head } = JSON.parse(index.toString());
  const kept = files.map(({ sha256, ...file }: { path: string; sha256: string }) =>
    DIFFERING.includes(file.path) ? file : { ...file, sha256 },
  );
  return JSON.stringify({ ...head, files: kept });
}
