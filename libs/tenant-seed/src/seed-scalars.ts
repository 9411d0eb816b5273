import { X509Certificate } from 'node:crypto';
import { z } from 'zod';

/* Scalars that only a tenant seed has. As in scenario files, `error` says what is accepted. */

const GUID = 'a GUID such as 7c9e6679-7425-40de-944b-e07fc1f90ae7';
export const guid = z
  .string({ error: GUID })
  .regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i, { error: GUID })
  .transform((id) => id.toLowerCase());

const DOMAIN = 'a domain such as contoso.com';
export const domain = z
  .string({ error: DOMAIN })
  .regex(/^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/i, { error: DOMAIN })
  .transform((name) => name.toLowerCase());

const ADDRESS = 'a mail address such as ise@contoso.com';
export const address = z.string({ error: ADDRESS }).regex(/^[^\s@<>,;]+@[^\s@<>,;]+$/, { error: ADDRESS });

/** Of users, applications, secrets: `/` separates names in comparisons and in the names of secrets. */
const NAME = 'a name without / and without blanks around it, at most 120 characters';
export const name = z.string({ error: NAME }).regex(/^(?! )[^/\p{Cc}]{1,120}(?<! )$/u, { error: NAME });

const COUNTRY = 'a country of two letters, such as DE';
export const country = z.string({ error: COUNTRY }).regex(/^[A-Z]{2}$/, { error: COUNTRY });

const SECRET_VALUE = 'the value of a client secret, 3 to 200 characters that can be seen';
export const secretValue = z
  .string({ error: SECRET_VALUE })
  .regex(/^[\x21-\x7e]{3,200}$/, { error: SECRET_VALUE })
  .describe('A value for the lab. Default: one is made up, which `isebed tenant export --with-secrets` shows.');

const CERTIFICATE = 'a certificate in PEM (-----BEGIN CERTIFICATE-----), without its private key';
export const certificatePem = z
  .string({ error: CERTIFICATE })
  .refine((pem) => pem.includes('-----BEGIN CERTIFICATE-----') && !pem.includes('PRIVATE KEY') && isCertificate(pem), {
    error: CERTIFICATE,
  });

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).subject !== '';
  } catch {
    return false;
  }
}
