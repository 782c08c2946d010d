package io.evenstock.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.evenstock.settings.SettingsReader;
import jakarta.json.JsonArray;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class JsonBodyTest {
    /** All that an adjustment may have. */
    private static final String FULL = IntStream.range(0, 12)
            .mapToObj(field -> "\"" + field + "\":" + field)
            .collect(Collectors.joining(",", "{", "}"));

    @Test
    void anArrayOfSalesIsNotBoundByWhatAnImportMayHave() {
        JsonBody json = body(Map.of("evenstock.http.max-import", "1"));
        assertEquals(1_000, ((JsonArray) json.read(array(1_000))).size());
        assertEquals(413, refused(json, array(5_000)));
    }

    @Test
    void anImportIsNotBoundByWhatAnArrayOfSalesMayHave() {
        JsonBody json = body(Map.of("evenstock.http.max-batch", "1", "evenstock.http.max-import", "1000"));
        assertEquals(1_000, ((JsonArray) json.read(array(1_000))).size());
        assertEquals(413, refused(json, array(5_000)));
    }

    private static int refused(JsonBody json, InputStream array) {
        return assertThrows(ProblemException.class, () -> json.read(array))
                .problem()
                .status();
    }

    private static InputStream array(int elements) {
        String array = "[" + String.join(",", Collections.nCopies(elements, FULL)) + "]";
        return new ByteArrayInputStream(array.getBytes(StandardCharsets.UTF_8));
    }

    @SuppressWarnings("UnnecessaryAssignment") // no container is here to inject
    private static JsonBody body(Map<String, String> settings) {
        JsonBody json = new JsonBody();
        json.settings = new SettingsReader(name -> Optional.ofNullable(settings.get(name))).read();
        return json;
    }
}
