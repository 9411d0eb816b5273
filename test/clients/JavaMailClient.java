import java.util.Properties;
import javax.mail.Message;
import javax.mail.MessagingException;
import javax.mail.Session;
import javax.mail.Transport;
import javax.mail.internet.MimeMessage;

/** JavaMail in its usual set-up for Exchange Online. Prints what the user of it sees: each exception of the chain. */
public class JavaMailClient {
    public static void main(String[] arguments) throws MessagingException {
        if (arguments.length > 0) {
            System.out.println(Session.class.getPackage().getImplementationVersion()
                + ", Java " + Runtime.version().feature());
            return;
        }
        Properties properties = new Properties();
        properties.put("mail.smtp.host", "smtp.office365.com");
        properties.put("mail.smtp.port", System.getenv("PORT"));
        properties.put("mail.smtp.auth", "true");
        properties.put("mail.smtp.auth.mechanisms", "XOAUTH2");
        properties.put("mail.smtp.starttls.enable", "true");
        properties.put("mail.smtp.starttls.required", "true");
        properties.put("mail.smtp.ssl.checkserveridentity", "true");
        properties.put("mail.smtp.from", System.getenv("MAILBOX"));
        MimeMessage mail = new MimeMessage(Session.getInstance(properties));
        mail.setFrom(System.getenv("FROM"));
        mail.setRecipients(Message.RecipientType.TO, "guest@visitor.example");
        mail.setSubject("from JavaMail");
        mail.setText("Hello");
        try {
            Transport.send(mail, System.getenv("MAILBOX"), System.getenv("TOKEN"));
            System.out.println("sent");
        } catch (MessagingException exception) {
            print(exception);
            System.exit(1);
        }
    }

    private static void print(Throwable thrown) {
        System.out.println(thrown.getClass().getName() + ": " + String.valueOf(thrown.getMessage()).strip());
        Throwable next = thrown instanceof MessagingException mail ? mail.getNextException() : thrown.getCause();
        if (next != null) print(next);
    }
}
