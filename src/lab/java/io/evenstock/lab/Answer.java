package io.evenstock.lab;

import jakarta.json.JsonObject;
import jakarta.json.JsonValue;

/** What the API answered; the body is JSON null where there was none, a JSON string where it was not JSON. */
public record Answer(int status, JsonValue body) {

    public boolean succeeded() {
        return status / 100 == 2;
    }

    /** What went wrong, in the problem's own words where it has any (RFC 9457). */
    public String problem() {
        if (body instanceof JsonObject problem) {
            return problem.getString("detail", problem.getString("title", problem.toString()));
        }
        return body == JsonValue.NULL ? "no further word" : body.toString();
    }
}
