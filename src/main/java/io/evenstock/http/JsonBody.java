package io.evenstock.http;

import io.evenstock.settings.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonConfig;
import jakarta.json.JsonException;
import jakarta.json.JsonReader;
import jakarta.json.JsonReaderFactory;
import jakarta.json.JsonStructure;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads request bodies as JSON: bounded in size, without duplicate keys, and not deeper than any call needs. */
@ApplicationScoped
public class JsonBody {
    private static final int MAX_DEPTH = 8;

    /** On average, of an array with as many elements as one may have: a value costs far more memory than its text. */
    private static final int MAX_VALUES_AN_ELEMENT = 60;

    private final JsonReaderFactory readers =
            Json.createReaderFactory(Map.of(JsonConfig.KEY_STRATEGY, JsonConfig.KeyStrategy.NONE));

    @Inject
    Settings settings;

    /** The objects of an array to be imported, each with its pointer. Refused: anything else, an empty or too long array. */
    public List<JsonFields> array(InputStream body) {
        if (read(body) instanceof JsonArray array) {
            return objects(array);
        }
        throw ProblemException.invalid("", "An array is expected");
    }

    /** One object, or the objects of an array. */
    public JsonStructure read(InputStream body) {
        byte[] bytes = bounded(body);
        checkShape(
                bytes,
                MAX_VALUES_AN_ELEMENT
                        * Math.max(settings.http().maxImport(), settings.http().maxBatch()));
        try (JsonReader reader = readers.createReader(new StringReader(decoded(bytes)))) {
            return reader.read();
        } catch (JsonException
                | IllegalStateException
                | UnsupportedOperationException
                | NumberFormatException
                | ArithmeticException malformed) {
            // The last two come from numbers with an exponent that no number can have.
            throw ProblemException.invalid("", "Not JSON: " + malformed.getMessage());
        }
    }

    /** Strictly: a reader of its own would put question marks for what is not UTF-8. */
    private static String decoded(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException malformed) {
            throw ProblemException.invalid("", "Not UTF-8");
        }
    }

    /** Refuses an empty array, and one of more adjustments than one call may have. */
    public void requireBatch(JsonArray array) {
        requireBounded(array, settings.http().maxBatch());
    }

    private static void requireBounded(JsonArray array, int most) {
        if (array.isEmpty() || array.size() > most) {
            throw ProblemException.invalid("", "The array must have 1 to " + most + " elements, not " + array.size());
        }
    }

    private List<JsonFields> objects(JsonArray array) {
        requireBounded(array, settings.http().maxImport());
        List<JsonFields> objects = new ArrayList<>(array.size());
        for (int i = 0; i < array.size(); i++) {
            objects.add(JsonFields.of(array.get(i), "/" + i));
        }
        return objects;
    }

    private byte[] bounded(InputStream body) {
        int most = settings.http().maxBodyBytes();
        try {
            byte[] bytes = body.readNBytes(most + 1);
            if (bytes.length > most) {
                throw tooLarge(most);
            }
            return bytes;
        } catch (IOException broken) {
            throw ProblemException.invalid("", "The body could not be read: " + broken.getMessage());
        }
    }

    static ProblemException tooLarge(int mostBytes) {
        return tooLarge("At most " + mostBytes + " bytes are taken");
    }

    private static ProblemException tooLarge(String detail) {
        return new ProblemException(new Problem(413, "too-large", "The body is too large", detail, null));
    }

    /**
     * One object or array, not too deep, not of too many values, and nothing behind it: the parser would stop there and
     * drop the rest.
     */
    private static void checkShape(byte[] bytes, int mostValues) {
        int from = afterBlanks(bytes, 0);
        if (from == bytes.length || (bytes[from] != '[' && bytes[from] != '{')) {
            throw ProblemException.invalid("", "An object or an array is expected");
        }
        int end = end(bytes, from, mostValues);
        if (afterBlanks(bytes, end) < bytes.length) {
            throw ProblemException.invalid("", "Something follows the JSON");
        }
    }

    /** What JSON takes for blanks (RFC 8259). */
    private static int afterBlanks(byte[] bytes, int from) {
        int i = from;
        while (i < bytes.length && (bytes[i] == ' ' || bytes[i] == '\t' || bytes[i] == '\n' || bytes[i] == '\r')) {
            i++;
        }
        return i;
    }

    /** Behind the bracket that closes the first one; the end of the bytes if none does. */
    private static int end(byte[] bytes, int from, int mostValues) {
        int depth = 0;
        int values = 0;
        boolean quoted = false;
        for (int i = from; i < bytes.length; i++) {
            byte b = bytes[i];
            if (quoted) {
                if (b == '\\') {
                    i++;
                } else if (b == '"') {
                    quoted = false;
                }
            } else if (b == '"') {
                quoted = true;
            } else if (b == ',') {
                values = counted(values, mostValues);
            } else if (b == '[' || b == '{') {
                values = counted(values, mostValues);
                depth++;
                if (depth > MAX_DEPTH) {
                    throw ProblemException.invalid("", "Nested deeper than " + MAX_DEPTH + " levels");
                }
            } else if (b == ']' || b == '}') {
                depth--;
                if (depth == 0) {
                    return i + 1;
                }
            }
        }
        return bytes.length;
    }

    private static int counted(int values, int most) {
        if (values == most) {
            throw tooLarge("At most " + most + " values are taken");
        }
        return values + 1;
    }
}
