// The Microsoft Graph client with tokens from msal-node, as anybody uses them. Prints what the user of it sees.
import { ConfidentialClientApplication } from '@azure/msal-node';
import { Client } from '@microsoft/microsoft-graph-client';

const { TENANT, CLIENT_ID, CLIENT_SECRET, SCOPE, TOKEN, METHOD, CALL, BODY } = process.env;
const application = new ConfidentialClientApplication({
  auth: {
    clientId: CLIENT_ID,
    clientSecret: CLIENT_SECRET,
    authority: `https://login.microsoftonline.com/${TENANT}`,
  },
});
const client = Client.initWithMiddleware({
  authProvider: {
    getAccessToken: async () =>
      TOKEN ?? (await application.acquireTokenByClientCredential({ scopes: [SCOPE] })).accessToken,
  },
});
try {
  const request = client.api(CALL);
  const answer = METHOD === 'GET' ? await request.get() : await request.post(JSON.parse(BODY));
  const names = (answer.value ?? [answer]).map(({ displayName }) => displayName);
  console.log(`${METHOD} ${CALL}: ${names.join(', ')}`);
} catch (error) {
  console.log(`${error.name} ${error.statusCode ?? ''} ${error.code ?? error.errorCode ?? ''}: ${error.message}`);
  process.exitCode = 1;
}
