// msal-node as anybody uses it, with its default HTTP client. Prints what the user of it sees.
import { ConfidentialClientApplication } from '@azure/msal-node';

const { TENANT, CLIENT_ID, CLIENT_SECRET, SCOPE } = process.env;
try {
  const application = new ConfidentialClientApplication({
    auth: {
      clientId: CLIENT_ID,
      clientSecret: CLIENT_SECRET,
      authority: `https://login.microsoftonline.com/${TENANT}`,
    },
  });
  const result = await application.acquireTokenByClientCredential({ scopes: [SCOPE] });
  console.log(result.accessToken ? 'token acquired' : 'no token');
} catch (error) {
  console.log(`${error.name} ${error.errorCode}: ${error.message}`);
  process.exitCode = 1;
}
