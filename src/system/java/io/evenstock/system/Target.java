package io.evenstock.system;

import io.evenstock.http.OpenApiDocument;
import io.evenstock.http.OpenApiDocument.Operation;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A call of the OpenAPI document as an attacker has it: everything it takes, filled with the document's own examples, with
 * names that nobody else uses and ids that lead nowhere, so that a call that is allowed harms nobody.
 */
record Target(
        Operation operation,
        List<JsonNode> parameters,
        @Nullable JsonNode body) {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Set<String> NAMES = Set.of(
            "facilityId", "productId", "shipmentId", "idValue", "eventId", "name", "channel", "invoicedFacilityId");
    private static final Map<String, String> LEADING_NOWHERE = Map.of(
            "id",
            "999999999",
            "keyId",
            "999999999",
            "userId",
            "999999999",
            "businessDate",
            "2001-01-01",
            "step",
            "nothing",
            "name",
            "nothing");

    /** All calls. @throws IllegalStateException naming one that says too little to be attacked */
    static List<Target> all(OpenApiDocument document) {
        return document.operations().stream()
                .map(operation -> of(document, operation))
                .toList();
    }

    private static Target of(OpenApiDocument document, Operation operation) {
        List<JsonNode> parameters = list(operation.node().get("parameters")).stream()
                .map(document::resolved)
                .toList();
        JsonNode body = operation.node().get("requestBody");
        Target target = new Target(operation, parameters, body == null ? null : example(document, operation, body));
        for (JsonNode parameter : parameters) {
            if (target.harmless(parameter).isEmpty()) {
                throw new IllegalStateException(operation + ": no example of " + name(parameter));
            }
        }
        return target;
    }

    private static JsonNode example(OpenApiDocument document, Operation operation, JsonNode body) {
        JsonNode media = document.resolved(body).get("content").get("application/json");
        JsonNode examples = media == null ? null : media.get("examples");
        if (examples == null || examples.isEmpty()) {
            throw new IllegalStateException(operation + ": no example of its body");
        }
        return own(document.resolved(examples.iterator().next()).get("value"), null);
    }

    private static List<JsonNode> list(@Nullable JsonNode array) {
        return array == null
                ? List.of()
                : StreamSupport.stream(array.spliterator(), false).toList();
    }

    /** The same with names of our own. */
    private static JsonNode own(JsonNode value, @Nullable String field) {
        if (value.isObject()) {
            ObjectNode object = JSON.createObjectNode();
            value.properties().forEach(each -> object.set(each.getKey(), own(each.getValue(), each.getKey())));
            return object;
        } else if (value.isArray()) {
            ArrayNode array = JSON.createArrayNode();
            value.forEach(each -> array.add(own(each, "facilities".equals(field) ? "facilityId" : field)));
            return array;
        }
        return value.isString() && field != null && NAMES.contains(field)
                ? JSON.getNodeFactory().stringNode("atk-" + value.stringValue())
                : value;
    }

    String method() {
        return operation.method();
    }

    Set<String> roles() {
        return Set.copyOf(list(operation.node().get("x-roles")).stream()
                .map(JsonNode::stringValue)
                .toList());
    }

    /** Path and query; an attack may replace one parameter. */
    String path(Map<String, String> replaced) {
        String path = operation.path();
        StringBuilder query = new StringBuilder();
        for (JsonNode parameter : parameters) {
            String name = name(parameter);
            String value = encoded(replaced.getOrDefault(name, harmless(parameter)));
            switch (parameter.get("in").stringValue()) {
                case "path" -> path = path.replace("{" + name + "}", value);
                case "query" ->
                    query.append(query.isEmpty() ? '?' : '&')
                            .append(name)
                            .append('=')
                            .append(value);
                default -> {}
            }
        }
        return path + query;
    }

    String path() {
        return path(Map.of());
    }

    /** Names of parameters of the path, the query or the headers. */
    List<String> parameters(String in) {
        return parameters.stream()
                .filter(parameter -> parameter.get("in").stringValue().equals(in))
                .map(Target::name)
                .toList();
    }

    private String harmless(JsonNode parameter) {
        if (parameter.get("in").stringValue().equals("path")) {
            return LEADING_NOWHERE.getOrDefault(name(parameter), "");
        }
        JsonNode example = parameter.get("example");
        return example == null ? "" : example.asString();
    }

    private static String name(JsonNode parameter) {
        return parameter.get("name").stringValue();
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** The body with each of its texts replaced in turn, by the text's place. */
    Map<String, String> bodies(String replacement) {
        Map<String, String> bodies = new LinkedHashMap<>();
        if (body != null) {
            for (String place : places(body, "")) {
                JsonNode copy = body.deepCopy();
                int slash = place.lastIndexOf('/');
                JsonNode parent = slash == 0 ? copy : copy.at(place.substring(0, slash));
                String last = place.substring(slash + 1);
                if (parent instanceof ObjectNode object) {
                    object.put(last, replacement);
                } else if (parent instanceof ArrayNode array) {
                    array.set(Integer.parseInt(last), JSON.getNodeFactory().stringNode(replacement));
                }
                bodies.put(place, copy.toString());
            }
        }
        return bodies;
    }

    private static List<String> places(JsonNode value, String at) {
        List<String> places = new ArrayList<>();
        if (value.isObject()) {
            value.properties().forEach(each -> places.addAll(places(each.getValue(), at + "/" + each.getKey())));
        } else if (value.isArray()) {
            for (int i = 0; i < value.size(); i++) {
                places.addAll(places(value.get(i), at + "/" + i));
            }
        } else if (value.isString()) {
            places.add(at);
        }
        return places;
    }

    /** The body as it is; null: it has none. */
    @Nullable
    String text() {
        return body == null ? null : body.toString();
    }

    /** The body with all facilities replaced. */
    @Nullable
    String textAt(String facilityId) {
        return body == null
                ? null
                : body.toString().replaceAll("(\"facilityId\":)\"[^\"]*\"", "$1\"" + facilityId + "\"");
    }

    @Override
    public String toString() {
        return operation.toString();
    }
}
