import { X509Certificate } from 'node:crypto';
import { stableId } from '../http/stable-id.ts';
import type { NodeContext } from '../node-context.ts';
import { nodeNamed } from './deployment.routes.ts';
import { certificateError, enveloped, OpenApiError, type OpenApiRoute } from './openapi-route.ts';
import { certificateLink, shownCertificate } from './shown-certificate.ts';

const PATH = '/api/v1/certs/system-certificate';

/** Administration > System > Certificates > System Certificates: what a node presents, to be read alone (fact sheet ise 8). */
export function systemCertificateRoutes(context: NodeContext): OpenApiRoute[] {
  const shownOf = (hostname: string | undefined, origin: string) => {
    const { name: node } = nodeNamed(context, hostname);
    const listed = context.settings.systemCertificates.filter((each) => each.node === node);
    return listed.map(({ name, pem }) => shown(node, name, pem, origin));
  };
  return [
    {
      method: 'GET',
      path: `${PATH}/{hostName}`,
      errors: certificateError,
      run: ({ params, origin }) => enveloped(shownOf(params['hostName'], origin)),
    },
    {
      method: 'GET',
      path: `${PATH}/{hostName}/{id}`,
      errors: certificateError,
      run: ({ params, origin }) => {
        const found = shownOf(params['hostName'], origin).find(({ id }) => id === params['id']);
        if (!found) throw new OpenApiError(404, 'There is no system certificate of this id');
        return enveloped(found);
      },
    },
  ];
}

function shown(node: string, friendlyName: string, pem: string, origin: string) {
  const certificate = new X509Certificate(pem);
  const id = stableId('system-certificate', `${node}/${certificate.fingerprint256}`);
  return {
    id,
    friendlyName,
    ...shownCertificate(certificate),
    usedBy: 'Admin, Portal',
    keySize: certificate.publicKey.asymmetricKeyDetails?.modulusLength ?? 0,
    groupTag: 'Default Portal Certificate Group',
    selfSigned: certificate.subject === certificate.issuer,
    portalsUsingTheTag: '',
    link: certificateLink(`${origin}${PATH}/${node}/${id}`),
  };
}
