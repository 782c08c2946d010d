package io.evenstock.alert;

import io.evenstock.settings.Settings;
import io.evenstock.settings.Settings.Mail;
import io.evenstock.settings.Settings.MailSecurity;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Date;
import java.util.Properties;

/** Writes mails over SMTP. The server's certificate and name are checked where TLS is on. */
@ApplicationScoped
class MailChannel implements Channel {
    private static final String TIMEOUT_MILLIS = "10000";

    @Inject
    Settings settings;

    @Inject
    Letters letters;

    @Override
    public String name() {
        return "mail";
    }

    @Override
    public boolean configured() {
        return settings.alerts().mail().isPresent();
    }

    @Override
    public void send(Call call) throws IOException {
        Mail mail = settings.alerts().mail().orElseThrow();
        try {
            Session session = Session.getInstance(properties(mail));
            MimeMessage message = written(session, mail, call);
            try (Transport transport = session.getTransport("smtp")) {
                transport.connect(
                        mail.host(),
                        mail.port(),
                        mail.login().map(Settings.FirstUser::user).orElse(null),
                        mail.login().map(Settings.FirstUser::password).orElse(null));
                transport.sendMessage(message, message.getAllRecipients());
            }
        } catch (MessagingException failure) {
            throw new IOException(String.valueOf(failure.getMessage()), failure);
        }
    }

    private static Properties properties(Mail mail) {
        Properties properties = new Properties();
        properties.setProperty("mail.smtp.connectiontimeout", TIMEOUT_MILLIS);
        properties.setProperty("mail.smtp.timeout", TIMEOUT_MILLIS);
        properties.setProperty("mail.smtp.writetimeout", TIMEOUT_MILLIS);
        properties.setProperty("mail.smtp.auth", Boolean.toString(mail.login().isPresent()));
        properties.setProperty("mail.smtp.ssl.enable", Boolean.toString(mail.security() == MailSecurity.TLS));
        boolean upgraded = mail.security() == MailSecurity.STARTTLS;
        properties.setProperty("mail.smtp.starttls.enable", Boolean.toString(upgraded));
        properties.setProperty("mail.smtp.starttls.required", Boolean.toString(upgraded));
        properties.setProperty("mail.smtp.ssl.checkserveridentity", "true");
        return properties;
    }

    private MimeMessage written(Session session, Mail mail, Call call) throws MessagingException {
        MimeMessage message = new Numbered(session, "<" + call.id() + "@" + domain(mail.from()) + ">");
        message.setFrom(new InternetAddress(mail.from()));
        for (String to : mail.to()) {
            message.addRecipient(Message.RecipientType.TO, new InternetAddress(to));
        }
        message.setSubject(letters.subject(call), StandardCharsets.UTF_8.name());
        message.setText(letters.text(call), StandardCharsets.UTF_8.name());
        message.setSentDate(Date.from(call.at()));
        message.setHeader("Auto-Submitted", "auto-generated");
        return message;
    }

    private static String domain(String address) {
        return address.substring(address.indexOf('@') + 1);
    }

    /** A mail that keeps its id, so that the same one sent twice is shown once. */
    private static final class Numbered extends MimeMessage {
        private final String id;

        Numbered(Session session, String id) {
            super(session);
            this.id = id;
        }

        @Override
        protected void updateMessageID() throws MessagingException {
            setHeader("Message-ID", id);
        }
    }
}
