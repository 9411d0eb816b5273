import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isebed } from './diagnose.fixture.ts';

/** In no answer may any of these be found. */
const SECRET = 'Canary8Q~dEfGhIjKlMnOpQrStUvWxYz0123456789';
const PLAIN = 'canary-hunter2';
const BLOB = Buffer.from(`user=ise@contoso.example\u0001auth=Bearer ${SECRET}\u0001\u0001`).toString('base64');
const LOGIN = Buffer.from(PLAIN).toString('base64');
const CLAIMS = Buffer.from('{"aud":"https://outlook.office.com","roles":[]}').toString('base64url');
const TOKEN = `eyJhbGciOiJSUzI1NiJ9.${CLAIMS}.Canary_signature-of-the-token`;
const OPAQUE = '0.AXoACanaryRefreshToken-1234567890abcdef.AgABAAEAAAD';
const SIGNATURE = 'CanarySignature%2Fabc123%3D';
const CANARIES = [
  SECRET,
  'dEfGhIjKlMnOp',
  PLAIN,
  BLOB,
  BLOB.slice(0, 40),
  LOGIN,
  TOKEN,
  'Canary_signature',
  OPAQUE,
  SIGNATURE,
];

const REFUSED = 'AADSTS7000215: Invalid client secret provided.';
const SHAPES: readonly [string, string][] = [
  ['JSON', `{"client_secret":"${SECRET}","error_description":"${REFUSED}"}`],
  ['JSON without the form of a value', `{"clientSecret": "${PLAIN}", "error_description": "${REFUSED}"}`],
  ['JSON in JSON', `{\\"client_secret\\":\\"${PLAIN}\\"} ${REFUSED}`],
  ['a form', `grant_type=client_credentials&client_secret=${PLAIN}&scope=x ${REFUSED}`],
  ['an encoded form', `client_secret=${encodeURIComponent(SECRET)} ${REFUSED}`],
  ['the environment', `export AZURE_CLIENT_SECRET=${PLAIN}; ${REFUSED}`],
  ['the environment, quoted', `ISEBED_API_PASSWORD='${PLAIN}' ${REFUSED}`],
  ['YAML', `clientSecret: ${PLAIN}   # ${REFUSED}`],
  ['a Java toString', `OAuthConfig{clientId=x, clientSecret=${PLAIN}, tenant=y} ${REFUSED}`],
  ['a Java toString with brackets', `SmtpSettings [password=${PLAIN}, port=587] 535 5.7.3 no`],
  ['a Java property', `mail.smtp.password=${PLAIN} 535 5.7.3 no`],
  ['XML', `<password>${PLAIN}</password> 535 5.7.3 no`],
  ['an XML attribute', `<user name="a" password="${PLAIN}"/> 535 5.7.3 no`],
  ['a header', `Authorization: Basic ${LOGIN} ${REFUSED}`],
  ['a bearer header', `> Authorization: Bearer ${OPAQUE} ${REFUSED}`],
  ['curl', `curl -u ise:${PLAIN} --data-urlencode 'client_secret=${SECRET}' ${REFUSED}`],
  ['curl with a user option', `curl --user 'ise:${PLAIN}' https://login.microsoftonline.com ${REFUSED}`],
  ['curl with a token', `curl --oauth2-bearer ${OPAQUE} smtp://x 535 5.7.3 no`],
  ['a command line', `swaks --auth-password ${PLAIN} 535 5.7.3 no`],
  ['PowerShell', `ConvertTo-SecureString "${PLAIN}" -AsPlainText -Force; ${REFUSED}`],
  ['a token answer', `{"access_token":"${TOKEN}","refresh_token":"${OPAQUE}"} 535 5.7.3 no`],
  ['a refresh token in a form', `refresh_token=${OPAQUE}&x=1 ${REFUSED}`],
  ['XOAUTH2 in one line', `C: AUTH XOAUTH2 ${BLOB}\nS: 535 5.7.3 no`],
  ['XOAUTH2 in two lines', `C: AUTH XOAUTH2\nS: 334 \nC: ${BLOB}\nS: 535 5.7.3 no`],
  ['XOAUTH2 wrapped', `C: AUTH XOAUTH2\nS: 334 \nC: ${BLOB.slice(0, 60)}\n${BLOB.slice(60)}\nS: 535 5.7.3 no`],
  ['XOAUTH2 unpacked', `user=ise@contoso.example^Aauth=Bearer ${SECRET}^A^A 535 5.7.3 no`],
  [
    'LOGIN of JavaMail',
    `DEBUG SMTP: AUTH LOGIN\n334 VXNlcm5hbWU6\naXNl\n334 UGFzc3dvcmQ6\n${LOGIN}\n535 5.7.139 Authentication unsuccessful, the user credentials were incorrect.`,
  ],
  ['PLAIN', `AUTH PLAIN ${Buffer.from(`\0ise\0${PLAIN}`).toString('base64')}\n535 5.7.3 no`],
  ['a proxy address', `http://ise:${PLAIN}@proxy.example:3128 ECONNREFUSED`],
  ['a shared access signature', `https://x.blob.core.windows.net/c?sv=2024&sp=r&sig=${SIGNATURE} 535 5.7.3 no`],
  [
    'a connection string',
    `AccountName=x;AccountKey=${Buffer.from(PLAIN.repeat(4)).toString('base64')};SharedAccessKey=${PLAIN} ${REFUSED}`,
  ],
  ['a private key', `-----BEGIN PRIVATE KEY-----\n${BLOB}\n-----END PRIVATE KEY-----\n${REFUSED}`],
  ['words', `The password is ${PLAIN}. ${REFUSED}`],
  ['German words', `Kennwort: ${PLAIN} / Geheimnis: ${SECRET} ${REFUSED}`],
  ['Spanish words', `contraseña: ${PLAIN}, secreto: ${PLAIN} ${REFUSED}`],
];

it.each(SHAPES)('no secret comes out of an answer or a scenario: %s', async (_shape, text) => {
  const folder = mkdtempSync(join(tmpdir(), 'isebed-canary-'));
  try {
    const learnt = join(folder, 'learnt');
    const said = [
      await isebed(['diagnose', '-'], text),
      await isebed(['diagnose', '-', '--json'], text),
      await isebed(['new', learnt, '--from', '-'], text),
    ];
    expect(said.map(({ status }) => status)).toEqual([0, 0, 0]);
    const all = JSON.stringify([said, readFileSync(`${learnt}.yaml`, 'utf8')]);
    expect(CANARIES.filter((canary) => all.includes(canary))).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
