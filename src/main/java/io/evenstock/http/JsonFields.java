package io.evenstock.http;

import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The fields of a JSON object, each read by what it must be; a refusal names the field by its pointer. */
public final class JsonFields {
    private static final Instant EARLIEST = Instant.parse("1970-01-01T00:00:00Z");
    private static final Pattern INTEGER = Pattern.compile("-?[0-9]{1,10}");
    private static final Instant LATEST = Instant.parse("9999-01-01T00:00:00Z");

    private final JsonObject object;
    private final String pointer;

    private JsonFields(JsonObject object, String pointer) {
        this.object = object;
        this.pointer = pointer;
    }

    /** The fields of a value. @throws ProblemException if it is no object */
    public static JsonFields of(JsonValue value, String pointer) {
        if (value instanceof JsonObject object) {
            return new JsonFields(object, pointer);
        }
        throw ProblemException.invalid(pointer, "An object is expected");
    }

    /** Where a field of this object stands in the body (RFC 6901). */
    public String pointer(String name) {
        return pointer + "/" + name;
    }

    /** A text of 1 to {@code most} characters, without control characters. */
    public String text(String name, int most) {
        String value = optionalText(name, most);
        if (value == null) {
            throw ProblemException.invalid(pointer(name), name + " is missing");
        }
        return value;
    }

    /** As {@link #text}, or null where missing. */
    public @Nullable String optionalText(String name, int most) {
        JsonValue value = value(name);
        if (value == null) {
            return null;
        }
        return checked(value, name, pointer(name), most);
    }

    private static String checked(JsonValue value, String name, String pointer, int most) {
        if (!(value instanceof JsonString string)) {
            throw ProblemException.invalid(pointer, name + " must be a string");
        }
        String text = string.getString();
        if (text.isBlank() || text.length() > most) {
            throw ProblemException.invalid(pointer, name + " must have 1 to " + most + " characters");
        }
        if (!printable(text)) {
            throw ProblemException.invalid(pointer, name + " must not contain control characters");
        }
        return text;
    }

    /** An integer within bounds. A fraction is refused, even {@code 1.0}, and an exponent other than 0. */
    public int integer(String name, int least, int most) {
        Integer value = optionalInteger(name, least, most);
        if (value == null) {
            throw ProblemException.invalid(pointer(name), name + " is missing");
        }
        return value;
    }

    /** As {@link #integer}, or null where missing. */
    public @Nullable Integer optionalInteger(String name, int least, int most) {
        JsonValue value = value(name);
        if (value == null) {
            return null;
        }
        if (value instanceof JsonNumber number) {
            // By its text: numbers of a thousand digits, 1e400 and 1e1 never become integers. The parser has made 1 of
            // 1e0.
            Integer integer = integer(number.toString());
            if (integer != null && integer >= least && integer <= most) {
                return integer;
            }
        }
        throw ProblemException.invalid(pointer(name), name + " must be an integer from " + least + " to " + most);
    }

    private static @Nullable Integer integer(String text) {
        try {
            return INTEGER.matcher(text).matches() ? Integer.valueOf(text) : null;
        } catch (NumberFormatException outOfRange) {
            return null;
        }
    }

    /** A truth value. */
    public boolean required(String name) {
        if (value(name) == null) {
            throw ProblemException.invalid(pointer(name), name + " is missing");
        }
        return bool(name, false);
    }

    /** A truth value, or the default where missing. */
    public boolean bool(String name, boolean byDefault) {
        JsonValue value = value(name);
        if (value == null) {
            return byDefault;
        }
        if (value != JsonValue.TRUE && value != JsonValue.FALSE) {
            throw ProblemException.invalid(pointer(name), name + " must be true or false");
        }
        return value == JsonValue.TRUE;
    }

    /** A time by RFC 3339, to the microsecond (what the database keeps). */
    public Instant instant(String name) {
        Instant value = optionalInstant(name);
        if (value == null) {
            throw ProblemException.invalid(pointer(name), name + " is missing");
        }
        return value;
    }

    /** As {@link #instant}, or null where missing. */
    public @Nullable Instant optionalInstant(String name) {
        String text = optionalText(name, 40);
        if (text == null) {
            return null;
        }
        try {
            Instant instant = OffsetDateTime.parse(text).toInstant().truncatedTo(ChronoUnit.MICROS);
            if (instant.isAfter(EARLIEST) && instant.isBefore(LATEST)) {
                return instant;
            }
        } catch (DateTimeException unparsable) {
            // told below
        }
        throw ProblemException.invalid(pointer(name), name + " must be a time like 2026-11-22T10:15:30Z, not " + text);
    }

    /** As {@link #instant}; refused if it lies further in the future than is allowed. */
    public Instant past(String name, Instant now, Duration maxFuture) {
        return notAfter(name, instant(name), now, maxFuture);
    }

    /** As {@link #past}, or null where missing. */
    public @Nullable Instant optionalPast(String name, Instant now, Duration maxFuture) {
        Instant instant = optionalInstant(name);
        return instant == null ? null : notAfter(name, instant, now, maxFuture);
    }

    private Instant notAfter(String name, Instant instant, Instant now, Duration maxFuture) {
        if (instant.isAfter(now.plus(maxFuture))) {
            throw ProblemException.invalid(
                    pointer(name),
                    name + " lies in the future beyond " + maxFuture + ": " + instant + "; now is " + now);
        }
        return instant;
    }

    /** The objects of an array of 0 to {@code most} elements; missing is empty. */
    public List<JsonFields> objects(String name, int most) {
        JsonValue value = value(name);
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof JsonArray array) || array.size() > most) {
            throw ProblemException.invalid(pointer(name), name + " must be an array of at most " + most + " elements");
        }
        List<JsonFields> objects = new ArrayList<>(array.size());
        for (int i = 0; i < array.size(); i++) {
            objects.add(of(array.get(i), pointer(name) + "/" + i));
        }
        return objects;
    }

    /** An amount of money, 0 or more, with at most ten digits before the point and two after it; null where missing. */
    public @Nullable BigDecimal optionalMoney(String name) {
        JsonValue value = value(name);
        if (value == null) {
            return null;
        }
        if (value instanceof JsonNumber number && number.toString().matches("[0-9]{1,10}(\\.[0-9]{1,2})?")) {
            return new BigDecimal(number.toString());
        }
        throw ProblemException.invalid(
                pointer(name), name + " must be a number from 0 to 9999999999.99 with at most two decimals");
    }

    /** As {@link #optionalInteger}, for numbers to 2^53, which every JSON library can write. */
    public @Nullable Long optionalLong(String name, long least, long most) {
        JsonValue value = value(name);
        if (value == null) {
            return null;
        }
        if (value instanceof JsonNumber number && number.toString().matches("-?[0-9]{1,16}")) {
            long integer = Long.parseLong(number.toString());
            if (integer >= least && integer <= most) {
                return integer;
            }
        }
        throw ProblemException.invalid(pointer(name), name + " must be an integer from " + least + " to " + most);
    }

    /** At most {@code most} texts of at most {@code longest} characters each; none where missing. */
    public List<String> texts(String name, int most, int longest) {
        JsonValue value = value(name);
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof JsonArray array) || array.size() > most) {
            throw ProblemException.invalid(pointer(name), name + " must be an array of at most " + most + " texts");
        }
        List<String> texts = new ArrayList<>(array.size());
        for (int i = 0; i < array.size(); i++) {
            texts.add(checked(array.get(i), name + "[" + i + "]", pointer(name) + "/" + i, longest));
        }
        return texts;
    }

    private @Nullable JsonValue value(String name) {
        JsonValue value = object.get(name);
        return value == JsonValue.NULL ? null : value;
    }

    /** Neither control characters nor half a surrogate pair, which no UTF-8 can hold. */
    public static boolean printable(String text) {
        int c;
        for (int i = 0; i < text.length(); i += Character.charCount(c)) {
            c = text.codePointAt(i);
            if (Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE) {
                return false;
            }
        }
        return true;
    }
}
