package io.evenstock.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantityTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-0, 0",
        "7, 7",
        "-2, -2",
        "3.000, 3",
        "12.0, 12",
        "-5.00, -5",
        "0007, 7",
        "0000000000000000012, 12",
        "2147483647, 2147483647",
        "-2147483648, -2147483648",
        "2147483647.0, 2147483647",
    })
    void takesWholeNumbers(String text, int expected) {
        assertNull(Quantity.fault(text));
        assertEquals(expected, Quantity.value(text));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1.5 | a fraction; only whole units are counted",
                "1.001 | a fraction; only whole units are counted",
                "-0.1 | a fraction; only whole units are counted",
                "99999999999.5 | a fraction; only whole units are counted",
                "1e3 | an exponent; the digits must be written out",
                "1E3 | an exponent; the digits must be written out",
                "1.0e3 | an exponent; the digits must be written out",
                "1,000 | a comma; thousands are not separated, a decimal point is a point",
                "1.000,0 | a comma; thousands are not separated, a decimal point is a point",
                "2147483648 | beyond -2147483648 to 2147483647",
                "2147483648.0 | beyond -2147483648 to 2147483647",
                "-2147483649 | beyond -2147483648 to 2147483647",
                "99999999999999999999 | beyond -2147483648 to 2147483647",
                "1. | a point without digits behind it, or a second one",
                "1.0. | a point without digits behind it, or a second one",
                "1..0 | a point without digits behind it, or a second one",
                "NaN | not a number; digits, with a minus sign at most, are expected",
                "Infinity | not a number; digits, with a minus sign at most, are expected",
                "+3 | not a number; digits, with a minus sign at most, are expected",
                "- | not a number; digits, with a minus sign at most, are expected",
                "--1 | not a number; digits, with a minus sign at most, are expected",
                "-+1 | not a number; digits, with a minus sign at most, are expected",
                ".0 | not a number; digits, with a minus sign at most, are expected",
                "-.0 | not a number; digits, with a minus sign at most, are expected",
                "x1 | not a number; digits, with a minus sign at most, are expected",
                "١٢ | not a number; digits, with a minus sign at most, are expected",
                "１２ | not a number; digits, with a minus sign at most, are expected",
                "1２ | digits other than 0 to 9",
                "1.٠ | digits other than 0 to 9",
                "1x | a character that belongs to no number: x",
                "1-2 | a character that belongs to no number: -",
                "1.0f | a character that belongs to no number: f",
                "0x10 | a character that belongs to no number: x",
                "−1 | not a number; digits, with a minus sign at most, are expected",
            })
    void refusesTheRestAndSaysWhy(String text, String reason) {
        assertEquals(reason, Quantity.fault(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t", "\u2003"})
    void refusesBlank(String text) {
        assertEquals("the quantity is blank", Quantity.fault(text));
    }

    @Test
    void trimsNothing() {
        assertEquals("not a number; digits, with a minus sign at most, are expected", Quantity.fault(" 1"));
        assertEquals("a character that belongs to no number: U+0020", Quantity.fault("1 "));
        assertEquals("a character that belongs to no number: U+00A0", Quantity.fault("1\u00A0000"));
    }
}
