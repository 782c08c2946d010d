package io.evenstock.nightly;

import io.evenstock.exchange.RemoteFile;
import io.evenstock.exchange.SftpConnection;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A file that an earlier step wrote, as it lies on the server now: it must have the very SHA-256 that was written down
 * then. If somebody edited it, the differing lines are told (R12).
 */
record ReadBack(RemoteFile file, boolean asWritten) {
    private static final int LINES_SHOWN = 5;

    /** Reads the file through. @throws StepFailedException if it is gone */
    static ReadBack of(SftpConnection sftp, String folder, String name, String sha256)
            throws IOException, StepFailedException {
        RemoteFile file = sftp.find(folder, name)
                .orElseThrow(() -> new StepFailedException(folder + "/" + name + " is gone; put it back"));
        MessageDigest digest = SftpConnection.sha256();
        try (InputStream in = new DigestInputStream(sftp.read(file), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return new ReadBack(file, HexFormat.of().formatHex(digest.digest()).equals(sha256));
    }

    /** What differs between the file and what was written, for an operator. */
    String difference(SftpConnection sftp, InputStream written) throws IOException {
        Map<String, Integer> balance = new HashMap<>();
        List<String> order = new ArrayList<>();
        try (InputStream now = sftp.read(file)) {
            count(now, 1, balance, order);
        }
        try (InputStream then = written) {
            count(then, -1, balance, order);
        }
        StringBuilder text = new StringBuilder(file.path() + " is not the file that was written; somebody edited it:");
        order.stream()
                .map(line -> shown(line, balance.getOrDefault(line, 0)))
                .flatMap(Optional::stream)
                .limit(LINES_SHOWN)
                .forEach(text::append);
        return text.append(" Approve to apply what was written.").toString();
    }

    private static Optional<String> shown(String line, int balance) {
        return balance == 0 ? Optional.empty() : Optional.of((balance > 0 ? " added '" : " removed '") + line + "';");
    }

    private static void count(InputStream in, int by, Map<String, Integer> balance, List<String> order)
            throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (!balance.containsKey(line)) {
                order.add(line);
            }
            balance.merge(line, by, Integer::sum);
        }
    }
}
