package io.evenstock.http;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The OpenAPI document as the WAR has it, and what it says of answers. */
public final class OpenApiDocument {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch", "head", "options");

    private final SchemaRegistry registry = SchemaRegistry.withDialect(Dialects.getOpenApi30());
    private final JsonNode root;

    private OpenApiDocument(JsonNode root) {
        this.root = root;
    }

    /** A call of the document. */
    public record Operation(String method, String path, JsonNode node) {
        /** The path's template as a regular expression. */
        public boolean matches(String askedMethod, String askedPath) {
            return method.equals(askedMethod)
                    && askedPath.matches(path.replaceAll("\\{[^}]+}", "[^/]+").replace(".", "\\."));
        }

        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    /** That of the class path. */
    public static OpenApiDocument read() {
        try (InputStream yaml = OpenApiDocument.class.getResourceAsStream("/META-INF/openapi.yaml")) {
            return new OpenApiDocument(new YAMLMapper().readTree(yaml));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** That of a server. */
    public static OpenApiDocument of(String yaml) {
        return new OpenApiDocument(new YAMLMapper().readTree(yaml));
    }

    public JsonNode root() {
        return root;
    }

    public List<Operation> operations() {
        List<Operation> operations = new ArrayList<>();
        root.get("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(entry -> {
                    if (METHODS.contains(entry.getKey())) {
                        operations.add(new Operation(
                                entry.getKey().toUpperCase(Locale.ROOT), path.getKey(), entry.getValue()));
                    }
                }));
        return operations;
    }

    /** What a {@code $ref} stands for; anything else is itself. */
    public JsonNode resolved(JsonNode node) {
        JsonNode reference = node.get("$ref");
        return reference == null ? node : root.at(reference.stringValue().substring(1));
    }

    /** What is wrong with a value by a schema of this document; empty if nothing is. */
    public List<String> faults(JsonNode schema, JsonNode value) {
        ObjectNode whole = JSON.createObjectNode();
        whole.putArray("allOf").add(schema);
        whole.set("components", root.get("components"));
        Schema compiled = registry.getSchema(whole);
        return compiled.validate(value).stream().map(Error::toString).toList();
    }

    /** What is wrong with an answer; empty if it is as the document says. */
    public List<String> faults(String method, String path, int status, String mediaType, String body) {
        List<Operation> found = operations().stream()
                .filter(operation -> operation.matches(method, path))
                .toList();
        if (found.size() != 1) {
            return List.of(method + " " + path + " stands in the document " + found.size() + " times");
        }
        JsonNode response = found.get(0).node().get("responses").get(Integer.toString(status));
        if (response == null) {
            return List.of(found.get(0) + " has no answer " + status);
        }
        JsonNode content = resolved(response).get("content");
        if (content == null) {
            return body.isEmpty() ? List.of() : List.of(found.get(0) + " has no body at " + status + ": " + body);
        }
        JsonNode media = content.get(mediaType.replaceAll(";.*", ""));
        if (media == null) {
            return List.of(found.get(0) + " does not answer " + mediaType + " at " + status);
        }
        return mediaType.startsWith("text/") ? List.of() : faults(media.get("schema"), JSON.readTree(body));
    }
}
