package io.evenstock.exchange;

import io.evenstock.observation.LogLine;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Logger;
import java.util.regex.Pattern;

/** Names as an SFTP server tells them, and paths as JSch wants them. */
final class FileNames {
    private static final Logger LOG = Logger.getLogger(FileNames.class.getName());
    private static final int MOST_TOLD = 1_000;
    private static final int CHARS_TOLD = 300;

    /** What separates paths, ends lines, or stands for bytes that are no UTF-8 and so names another file than it came from. */
    private static final Pattern UNUSABLE =
            Pattern.compile("|\\.\\.?|.*[/\\p{Cc}\\u2028\\u2029\\ufffd].*", Pattern.DOTALL);

    private static final Pattern PATTERN_SIGN = Pattern.compile("[\\\\*?]");

    private static final Set<String> TOLD = ConcurrentHashMap.newKeySet();

    private FileNames() {}

    /** Whether a file in a folder can be read and put away under its name. Of one that cannot, the log says so once. */
    static boolean usable(String folder, String name) {
        boolean usable = !UNUSABLE.matcher(name).matches();
        if (!usable) {
            tell(folder, name.substring(0, Math.min(CHARS_TOLD, name.length())));
        }
        return usable;
    }

    /** Folders are listed every few seconds. Who fills one with such names is told of anew after many. */
    private static void tell(String folder, String name) {
        if (TOLD.size() >= MOST_TOLD) {
            TOLD.clear();
        }
        if (TOLD.add(folder + "/" + name)) {
            LOG.warning(() -> LogLine.of("sftp-file-left-out")
                    .with("folder", folder)
                    .with("name", name)
                    .with("do", "rename it without control characters, / and bytes that are no UTF-8")
                    .toString());
        }
    }

    /** The path for JSch, which takes most paths for patterns. */
    static String quoted(String path) {
        return PATTERN_SIGN.matcher(path).replaceAll("\\\\$0");
    }
}
