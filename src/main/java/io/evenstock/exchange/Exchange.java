package io.evenstock.exchange;

import com.jcraft.jsch.ChannelSftp;
import com.jcraft.jsch.JSch;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.Session;
import io.evenstock.settings.Settings;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The SFTP server: trusted by its known host key only, which is checked before any credential is sent. */
@Dependent
public class Exchange {
    private static final String CIPHERS =
            "aes128-gcm@openssh.com,aes256-gcm@openssh.com,aes128-ctr,aes256-ctr,chacha20-poly1305@openssh.com";

    /** What JSch asks for in one request; the server's answers to all in flight must fit into the channel's window. */
    private static final int REQUEST_BYTES = 32 << 10;

    private static final int LEAST_WINDOW_BYTES = 2 << 20;

    private final Settings settings;

    @Inject
    public Exchange(Settings settings) {
        this.settings = settings;
    }

    /**
     * Connects and logs in.
     *
     * @throws UntrustedServerException if its host key is unknown or changed
     * @throws IOException naming what else is wrong: no answer, a refused login
     */
    public SftpConnection connect() throws IOException {
        Settings.Sftp sftp = settings.sftp();
        LineWatch watch = new LineWatch(sftp.timeout(), sftp.leastRate());
        try {
            Session session = session(sftp, watch);
            try {
                return new SftpConnection(session, channel(sftp, session), watch);
            } catch (JSchException refused) {
                session.disconnect();
                throw refused;
            }
        } catch (JSchException refused) {
            throw failure(sftp, refused, watch.lost());
        }
    }

    private static ChannelSftp channel(Settings.Sftp sftp, Session session) throws JSchException {
        session.connect(Math.toIntExact(sftp.timeout().toMillis()));
        ChannelSftp channel = (ChannelSftp) session.openChannel("sftp");
        if (channel == null) { // JSch's word for it
            throw new JSchException("the server ended the session right after the login; see its log");
        }
        channel.setBulkRequests(sftp.requestsInFlight());
        channel.setLocalWindowSizeMax(Math.max(LEAST_WINDOW_BYTES, 2 * sftp.requestsInFlight() * REQUEST_BYTES));
        channel.connect(Math.toIntExact(sftp.timeout().toMillis()));
        return channel;
    }

    private static Session session(Settings.Sftp sftp, LineWatch watch) throws JSchException, IOException {
        JSch jsch = new JSch();
        jsch.setKnownHosts(knownHosts(sftp.knownHosts()).toString());
        if (sftp.keyFile().isPresent()) {
            jsch.addIdentity(sftp.keyFile().get().toString());
        }
        Session session = jsch.getSession(sftp.user(), sftp.host(), sftp.port());
        sftp.password().ifPresent(password -> session.setPassword(password.getBytes(StandardCharsets.UTF_8)));
        session.setConfig("StrictHostKeyChecking", "yes");
        session.setConfig("PreferredAuthentications", "publickey,password,keyboard-interactive");
        session.setConfig("cipher.s2c", CIPHERS);
        session.setConfig("cipher.c2s", CIPHERS);
        session.setConfig("MaxAuthTries", "1");
        session.setSocketFactory(new WideSocketFactory(sftp.timeout(), watch));
        session.setTimeout(Math.toIntExact(sftp.timeout().toMillis()));
        return session;
    }

    private static Path knownHosts(Path file) throws IOException {
        if (!Files.isReadable(file)) {
            throw new IOException("The file of known hosts cannot be read (evenstock.sftp.known-hosts): " + file);
        }
        return file;
    }

    private static IOException failure(Settings.Sftp sftp, JSchException refused, boolean lost) {
        String server = "SFTP server " + sftp.host() + ":" + sftp.port() + ", user " + sftp.user() + ": ";
        String message = String.valueOf(refused.getMessage());
        return switch (refused.getClass().getSimpleName()) {
            case "JSchUnknownHostKeyException" ->
                new UntrustedServerException(
                        server + "its host key is unknown; add it to " + sftp.knownHosts() + " after checking it ("
                                + message + ")",
                        refused);
            case "JSchChangedHostKeyException", "JSchRevokedHostKeyException" ->
                new UntrustedServerException(
                        server + "its host key is not the one in " + sftp.knownHosts()
                                + "; somebody may be in between, no credentials were sent (" + message + ")",
                        refused);
            default -> new IOException(server + reason(message, lost), refused);
        };
    }

    private static String reason(String message, boolean lost) {
        if (lost) {
            return "the connection broke before the login was through (" + message + ")";
        }
        return message.contains("Auth fail") ? "the login was refused (" + message + ")" : message;
    }
}
