package io.evenstock.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.apache.sshd.common.config.keys.AuthorizedKeyEntry;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.PublicKeyEntryResolver;
import org.apache.sshd.common.file.virtualfs.VirtualFileSystemFactory;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.sftp.server.SftpSubsystemFactory;

/**
 * An SFTP server of our own on a random loopback port, whose root is a local folder: what a test writes there, the
 * application finds, and the other way round.
 *
 * <p>It lives in this JVM, so it dies with it. Its host key is new each time and stands in {@link #knownHosts()}.
 */
public final class EmbeddedSftp implements AutoCloseable {

    private static final String HOST = "127.0.0.1";
    private static final List<String> FOLDERS =
            List.of("retailpro/reset", "evenstock/reset", "evenstock/variance", "erp/reset");

    private final SshServer server;
    private final Path root;
    private final Path knownHosts;
    private final String user;
    private final String password;
    private final Set<PublicKey> keys = ConcurrentHashMap.newKeySet();
    private final LongAdder logins = new LongAdder();

    private EmbeddedSftp(SshServer server, Path folder, String user, String password) {
        this.server = server;
        this.root = folder.resolve("root");
        this.knownHosts = folder.resolve("known_hosts");
        this.user = user;
        this.password = password;
    }

    /**
     * Starts the server with Evenstock's folders.
     *
     * @param folder where {@code root/} and {@code known_hosts} are made
     */
    public static EmbeddedSftp start(Path folder) throws IOException {
        Path home = Files.createDirectories(folder.toAbsolutePath());
        EmbeddedSftp sftp = new EmbeddedSftp(SshServer.setUpDefaultServer(), home, "evenstock", Secrets.password());
        sftp.makeFolders();
        sftp.serve(newHostKey());
        return sftp;
    }

    private static KeyPair newHostKey() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(KeyUtils.RSA_ALGORITHM);
            generator.initialize(3072);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has RSA", e);
        }
    }

    private void makeFolders() throws IOException {
        for (String folder : FOLDERS) {
            Files.createDirectories(root.resolve(folder).resolve("archive"));
            Files.createDirectories(root.resolve(folder).resolve("rejected"));
        }
    }

    private void serve(KeyPair hostKey) throws IOException {
        server.setHost(HOST);
        server.setPort(0);
        server.setKeyPairProvider(KeyPairProvider.wrap(hostKey));
        server.setFileSystemFactory(new VirtualFileSystemFactory(root));
        server.setSubsystemFactories(List.of(new SftpSubsystemFactory()));
        server.setPasswordAuthenticator((name, word, session) -> {
            logins.increment();
            return user.equals(name) && password.equals(word);
        });
        server.setPublickeyAuthenticator((name, key, session) -> {
            logins.increment();
            return user.equals(name) && knows(key);
        });
        CoreModuleProperties.IDLE_TIMEOUT.set(server, Duration.ofMinutes(30));
        server.start();
        Files.writeString(
                knownHosts,
                "[%s]:%d %s%n".formatted(HOST, server.getPort(), PublicKeyEntry.toString(hostKey.getPublic())));
    }

    private boolean knows(PublicKey key) {
        return keys.stream().anyMatch(known -> KeyUtils.compareKeys(known, key));
    }

    /** Lets the holder of a key in, besides the password: one line as in {@code authorized_keys}. */
    public void authorize(String publicKeyLine) throws IOException, GeneralSecurityException {
        keys.add(AuthorizedKeyEntry.parseAuthorizedKeyEntry(publicKeyLine.strip())
                .resolvePublicKey(null, PublicKeyEntryResolver.FAILING));
    }

    /** How often it has been shown a password or a key, right or wrong. */
    public long logins() {
        return logins.sum();
    }

    public String host() {
        return HOST;
    }

    public int port() {
        return server.getPort();
    }

    public String user() {
        return user;
    }

    public String password() {
        return password;
    }

    /** An OpenSSH {@code known_hosts} file with this server's key. */
    public Path knownHosts() {
        return knownHosts;
    }

    /** The local folder that is {@code /} to the clients. */
    public Path root() {
        return root;
    }

    /** Where Retail Pro uploads, {@code /retailpro/reset}. */
    public Path inbox() {
        return root.resolve("retailpro/reset");
    }

    /** Where the filtered file goes, {@code /evenstock/reset}. */
    public Path filtered() {
        return root.resolve("evenstock/reset");
    }

    /** Where the variance file goes, {@code /evenstock/variance}. */
    public Path variance() {
        return root.resolve("evenstock/variance");
    }

    /** Where the frequent feed arrives, {@code /erp/reset}. */
    public Path feed() {
        return root.resolve("erp/reset");
    }

    @Override
    public void close() throws IOException {
        server.stop(true);
    }
}
