package io.evenstock.file;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Tells where bytes stop being UTF-8. */
final class Utf8 {

    private static final int CHARS = 1024;

    private final CharBuffer chars = CharBuffer.allocate(CHARS);
    private final CharsetDecoder decoder = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);

    /** Index of the first byte that is not UTF-8, {@code to} if all are. */
    int validUpTo(byte[] bytes, int from, int to) {
        int at = from;
        while (to - at >= Words.BYTES && Words.ascii(Words.at(bytes, at))) {
            at += Words.BYTES;
        }
        return decodableUpTo(ByteBuffer.wrap(bytes, at, to - at));
    }

    private int decodableUpTo(ByteBuffer input) {
        decoder.reset();
        CoderResult result;
        do {
            chars.clear();
            result = decoder.decode(input, chars, true);
        } while (result.isOverflow());
        return input.position();
    }
}
