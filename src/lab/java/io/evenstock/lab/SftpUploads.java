package io.evenstock.lab;

import com.jcraft.jsch.ChannelSftp;
import com.jcraft.jsch.JSch;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.Session;
import com.jcraft.jsch.SftpException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Uploads to the SFTP server that the {@code EVENSTOCK_SFTP_…} variables name. */
final class SftpUploads implements Uploads {

    private static final int TIMEOUT_MS = 30_000;
    private static final String PREFIX = "EVENSTOCK_SFTP_";

    private final Map<String, String> settings;

    SftpUploads(Map<String, String> settings) {
        this.settings = settings;
    }

    @Override
    public void upload(String name, Content content) throws IOException {
        try {
            Session session = session();
            try {
                session.connect(TIMEOUT_MS);
                send((ChannelSftp) session.openChannel("sftp"), name, content);
            } finally {
                session.disconnect();
            }
        } catch (JSchException | SftpException e) {
            throw new IOException(
                    "Could not upload %s to %s: %s".formatted(name, setting("HOST", ""), e.getMessage()), e);
        }
    }

    private Session session() throws JSchException, IOException {
        JSch ssh = new JSch();
        ssh.setKnownHosts(setting("KNOWN_HOSTS", System.getProperty("user.home") + "/.ssh/known_hosts"));
        if (settings.containsKey(PREFIX + "KEY_FILE")) {
            ssh.addIdentity(setting("KEY_FILE", ""));
        }
        Session session = ssh.getSession(
                setting("USER", "evenstock"), setting("HOST", "localhost"), Integer.parseInt(setting("PORT", "22")));
        session.setConfig("StrictHostKeyChecking", "yes");
        session.setPassword(password().getBytes(StandardCharsets.UTF_8));
        return session;
    }

    private String password() throws IOException {
        String file = setting("PASSWORD_FILE", "");
        return file.isEmpty()
                ? setting("PASSWORD", "")
                : Files.readString(Path.of(file)).strip();
    }

    private void send(ChannelSftp sftp, String name, Content content) throws JSchException, SftpException, IOException {
        sftp.connect(TIMEOUT_MS);
        String path = setting("INBOX", "/retailpro/reset") + "/" + name;
        try (OutputStream out = sftp.put(path + ".part")) {
            content.writeTo(out);
        }
        sftp.rename(path + ".part", path);
    }

    private String setting(String name, String byDefault) {
        return settings.getOrDefault(PREFIX + name, byDefault);
    }
}
