import { X509Certificate } from 'node:crypto';
import { z } from 'zod';
import { summarize, type TrustedCertificate } from '#libs/trust';
import { applyQuery, readQuery } from '../ers/ers-query.ts';
import type { ErsObject } from '../ers/ers-resource.ts';
import { stableId } from '../http/stable-id.ts';
import type { NodeContext } from '../node-context.ts';
import { CONFIG_KEYS } from '../node-settings.ts';
import { checkedBody } from './openapi-body.ts';
import { certificateLink, commonNameOf, filterDate, shownCertificate } from './shown-certificate.ts';
import { certificateError, ENVELOPE_VERSION, enveloped, OpenApiError, type OpenApiRoute } from './openapi-route.ts';

const PATH = '/api/v1/certs/trusted-certificate';
const FIELDS = ['friendlyName', 'subject', 'issuedTo', 'issuedBy', 'validFrom', 'expirationDate', 'status'];

const flag = z.boolean().optional();
const name = z.string().trim().min(1).max(200).optional();
/** The usages; those that the mail path does not ask for are taken and have no effect. */
const trust = {
  trustForIseAuth: flag,
  trustForClientAuth: flag,
  trustForCertificateBasedAdminAuth: flag,
  trustForCiscoServicesAuth: flag,
};
const importSchema = z.strictObject({
  data: z.string().min(1).max(65_536),
  allowBasicConstraintCAFalse: z.boolean(),
  allowOutOfDateCert: z.boolean(),
  allowSHA1Certificates: z.boolean(),
  name,
  description: z.string().max(256).optional(),
  validateCertificateExtensions: flag,
  ...trust,
});
/** Revocation lists and OCSP are no part of this: their settings are taken and have no effect. */
const updateSchema = z.looseObject({
  name,
  description: z.string().max(256).optional(),
  status: z.enum(['Enabled', 'Disabled', 'enabled', 'disabled']).optional(),
  ...trust,
});

/** Administration > System > Certificates > Trusted Certificates (fact sheet ise 8). */
export function trustedCertificateRoutes({ settings, clock }: NodeContext): OpenApiRoute[] {
  const all = () => settings.trustedCertificates.map((entry) => ({ entry, shown: shownTrusted(entry) }));
  const byId = (id = '') => {
    const found = all().find(({ shown }) => shown.id === id);
    if (found) return found;
    throw new OpenApiError(404, 'There is no trusted certificate of this id');
  };
  const refuseNamesake = (friendlyName: string): void => {
    if (settings.trustedCertificates.some((entry) => entry.name === friendlyName)) {
      throw new OpenApiError(409, 'A trusted certificate of this friendly name exists');
    }
  };
  return [
    {
      method: 'GET',
      path: PATH,
      errors: certificateError,
      run: ({ parameters, origin }) => {
        const query = readQuery(sortingOf(parameters), { filterFields: FIELDS, sortFields: FIELDS });
        const objects = all().map(({ entry, shown }) => ({ ...shown, name: shown.friendlyName, pem: entry.pem }));
        const { total, page } = applyQuery(objects, query, sortedValue);
        const linkTo = (rel: string, number: number) => {
          const there = new URLSearchParams(parameters);
          there.set('page', String(number));
          there.set('size', String(query.size));
          return { rel, href: `${origin}${PATH}?${there.toString()}`, type: 'application/json' };
        };
        const response = page.map(({ name: _name, pem: _pem, ...shown }) => ({
          ...shown,
          link: certificateLink(`${origin}${PATH}/${shown.id}`),
        }));
        return {
          status: 200,
          body: {
            response,
            version: ENVELOPE_VERSION,
            ...(query.page * query.size < total ? { nextPage: linkTo('next', query.page + 1) } : {}),
            ...(query.page > 1 ? { previousPage: linkTo('previous', query.page - 1) } : {}),
          },
        };
      },
    },
    {
      method: 'POST',
      path: `${PATH}/import`,
      errors: certificateError,
      run: ({ body, config }) => {
        const request = checkedBody(body, importSchema);
        const certificate = readCertificate(request.data);
        if (!request.allowBasicConstraintCAFalse && !certificate.ca) {
          throw new OpenApiError(
            400,
            'The certificate is not that of a CA, and allowBasicConstraintCAFalse is not set',
          );
        }
        const now = clock.now();
        const isInDate = certificate.validFromDate.getTime() <= now && now <= certificate.validToDate.getTime();
        if (!request.allowOutOfDateCert && !isInDate) {
          throw new OpenApiError(400, 'The certificate is out of date, and allowOutOfDateCert is not set');
        }
        const entry: TrustedCertificate = {
          name: request.name ?? defaultName(certificate, settings.trustedCertificates),
          pem: certificate.toString(),
          infrastructure: request.trustForIseAuth ?? false,
          enabled: true,
        };
        refuseNamesake(entry.name);
        config().write(CONFIG_KEYS.trustedCertificate(entry.name), entry);
        const message = 'Trust certificate was added successfully';
        return enveloped({ id: idOf(entry), message, status: 'Success' });
      },
    },
    {
      method: 'GET',
      path: `${PATH}/{id}`,
      errors: certificateError,
      run: ({ params, origin }) => {
        const { shown } = byId(params['id']);
        return enveloped({ ...shown, link: certificateLink(`${origin}${PATH}/${shown.id}`) });
      },
    },
    {
      method: 'PUT',
      path: `${PATH}/{id}`,
      errors: certificateError,
      run: ({ params, body, config }) => {
        const { entry } = byId(params['id']);
        const { name: newName = entry.name, status, trustForIseAuth } = checkedBody(body, updateSchema);
        const next: TrustedCertificate = {
          ...entry,
          name: newName,
          infrastructure: trustForIseAuth ?? entry.infrastructure,
          enabled: status === undefined ? entry.enabled : status.toLowerCase() === 'enabled',
        };
        if (newName !== entry.name) {
          refuseNamesake(newName);
          config().write(CONFIG_KEYS.trustedCertificate(entry.name), null);
        }
        config().write(CONFIG_KEYS.trustedCertificate(newName), next);
        return enveloped({ id: idOf(next), message: 'Trust certificate was updated successfully', status: 'Success' });
      },
    },
    {
      method: 'DELETE',
      path: `${PATH}/{id}`,
      errors: certificateError,
      run: ({ params, config }) => {
        const { entry } = byId(params['id']);
        config().write(CONFIG_KEYS.trustedCertificate(entry.name), null);
        return enveloped({ message: 'Trust certificate was deleted successfully' });
      },
    },
  ];
}

/** Of the certificate rather than of its name: renaming keeps it. */
function idOf({ pem }: TrustedCertificate): string {
  return stableId('trusted-certificate', new X509Certificate(pem).fingerprint256);
}

/** Nearly everything is a text in the real answer, numbers and switches too (fact sheet ise 8). */
function shownTrusted(entry: TrustedCertificate) {
  const certificate = new X509Certificate(entry.pem);
  const { name: friendlyName, status, trustedFor } = summarize(entry);
  return {
    id: idOf(entry),
    friendlyName,
    ...shownCertificate(certificate),
    subject: certificate.subject.replaceAll('\n', ','),
    keySize: String(certificate.publicKey.asymmetricKeyDetails?.modulusLength ?? ''),
    status,
    trustedFor,
    internalCA: false,
    isReferredInPolicy: false,
    downloadCRL: 'off',
    enableOCSPValidation: 'off',
  };
}

function readCertificate(pem: string): X509Certificate {
  try {
    if (pem.split('-----BEGIN ').length === 2) return new X509Certificate(pem);
  } catch {
    // Told below, without a text of the library.
  }
  throw new OpenApiError(400, 'data is not one certificate in PEM');
}

/** `common-name#issuer#nnnnn` (fact sheet ise 8). */
function defaultName(certificate: X509Certificate, present: readonly TrustedCertificate[]): string {
  const cn = (names: string): string => commonNameOf(names) || 'certificate';
  return `${cn(certificate.subject)}#${cn(certificate.issuer)}#${String(present.length + 1).padStart(5, '0')}`;
}

/** `sort` and `sortBy` say what ERS says with `sortasc` and `sortdsc`. */
function sortingOf(parameters: URLSearchParams): URLSearchParams {
  const result = new URLSearchParams(parameters);
  const field = parameters.get('sortBy');
  if (field !== null) result.set(parameters.get('sort') === 'desc' ? 'sortdsc' : 'sortasc', field);
  return result;
}

/** What is filtered and sorted by. */
function sortedValue(object: ErsObject, field: string): unknown {
  if (field !== 'validFrom' && field !== 'expirationDate') return object[field];
  const { validFromDate, validToDate } = new X509Certificate(String(object['pem']));
  return filterDate(field === 'validFrom' ? validFromDate : validToDate);
}
