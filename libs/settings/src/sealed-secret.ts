import { createCipheriv, createDecipheriv, createHash, createHmac } from 'node:crypto';
import type { Random } from '#libs/simulation';

const ALGORITHM = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** A secret as it stands in a database: base64 of IV, ciphertext and tag. */
export type SealedSecret = string;

/**
 * Encrypts secrets at rest with the key that the nodes of one deployment share (AES-256-GCM, NIST SP 800-38D).
 * `random` supplies the initialisation vectors, so a simulated run is the same to the byte each time. A node that is
 * started again draws the same numbers again: the secret goes into the vector too, so that none serves two secrets.
 */
export class SecretVault {
  private readonly key: Buffer;

  constructor(
    deploymentKey: string,
    private readonly random: Random,
  ) {
    this.key = createHash('sha256').update(deploymentKey).digest();
  }

  seal(secret: string): SealedSecret {
    const drawn = createHmac('sha256', this.key).update(this.random.bytes(IV_BYTES)).update(secret, 'utf8').digest();
    const iv = drawn.subarray(0, IV_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.key, iv);
    return Buffer.concat([iv, cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString('base64');
  }

  /** @throws when `sealed` was tampered with, or sealed with another key */
  open(sealed: SealedSecret): string {
    const bytes = Buffer.from(sealed, 'base64');
    const iv = bytes.subarray(0, IV_BYTES);
    // With its length fixed, a cut-off value is not judged by the shorter tag that is left of it.
    const decipher = createDecipheriv(ALGORITHM, this.key, iv, { authTagLength: TAG_BYTES });
    decipher.setAuthTag(bytes.subarray(bytes.length - TAG_BYTES));
    const text = decipher.update(bytes.subarray(IV_BYTES, bytes.length - TAG_BYTES));
    return Buffer.concat([text, decipher.final()]).toString('utf8');
  }
}
