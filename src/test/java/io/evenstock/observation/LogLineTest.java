package io.evenstock.observation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LogLineTest {
    @Test
    void aLineIsOneLineWhateverItsValues() {
        String line = LogLine.of("request")
                .with("path", "x\r\nrequest status=200")
                .with("key", "O\"Neil\\")
                .with("nothing", null)
                .with("empty", "")
                .with("turned", "\u202eabc\u2028")
                .with("n", 7)
                .toString();
        assertEquals(
                "request path=\"x\\u{d}\\u{a}request status=200\" key=\"O\\\"Neil\\\\\" empty=\"\""
                        + " turned=\"\\u{202e}abc\\u{2028}\" n=7",
                line);
    }

    @Test
    void aWellFormedIdIsKept() {
        assertEquals("till-17.4711_a", Trace.id("till-17.4711_a", null));
        assertEquals(
                "4bf92f3577b34da6a3ce929d0e0e4736",
                Trace.id(null, "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a\nb", "ä", "<script>"})
    void anyOtherIsNot(String malformed) {
        assertEquals(32, Trace.id(malformed, null).length());
    }

    @ParameterizedTest
    @CsvSource({
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        "4bf92f3577b34da6a3ce929d0e0e4736"
    })
    void norAMalformedTrace(String traceparent) {
        assertEquals(false, traceparent.contains(Trace.id(null, traceparent)));
    }
}
