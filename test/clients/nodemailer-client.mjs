// nodemailer in its stock set-up for Exchange Online. Prints what the user of it sees.
import { createTransport } from 'nodemailer';

const { MAILBOX, TOKEN, FROM } = process.env;
const transport = createTransport({
  host: 'smtp.office365.com',
  port: 587,
  secure: false,
  auth: { type: 'OAuth2', user: MAILBOX, accessToken: TOKEN },
});
try {
  const { response } = await transport.sendMail({
    from: FROM,
    to: 'guest@visitor.example',
    subject: 'from nodemailer',
    text: 'Hello',
  });
  console.log(response);
} catch (error) {
  console.log(`${error.code}: ${error.message}`);
  process.exitCode = 1;
} finally {
  transport.close();
}
