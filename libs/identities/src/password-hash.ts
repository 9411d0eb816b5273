import { scryptSync, timingSafeEqual } from 'node:crypto';

/** A password as it is stored. Plain JSON. */
export interface PasswordHash {
  /** Hexadecimal. */
  readonly salt: string;
  /** scrypt (RFC 7914) of password and salt, hexadecimal. */
  readonly hash: string;
}

const KEY_BYTES = 32;
/** Cheap, since it is computed on the thread that everything runs on: what is protected here are lab passwords. */
const COST = 1_024;

/** @param salt hexadecimal, fresh for each password */
export function hashPassword(password: string, salt: string): PasswordHash {
  return { salt, hash: derive(password, salt).toString('hex') };
}

export function isPassword(password: string, { salt, hash }: PasswordHash): boolean {
  const expected = Buffer.from(hash, 'hex');
  const actual = derive(password, salt);
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}

function derive(password: string, salt: string): Buffer {
  return scryptSync(password, Buffer.from(salt, 'hex'), KEY_BYTES, { N: COST });
}
