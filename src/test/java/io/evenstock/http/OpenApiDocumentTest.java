package io.evenstock.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.Error;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.evenstock.access.Permissions;
import io.evenstock.access.Role;
import io.evenstock.http.OpenApiDocument.Operation;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.io.IOException;
import java.io.InputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The document is OpenAPI, its examples are what it says, and it has the calls that the code has, no more and no less. */
class OpenApiDocumentTest {
    private final OpenApiDocument document = OpenApiDocument.read();

    @Test
    void itIsAnOpenApiDocument() throws IOException {
        try (InputStream schema = OpenApiDocumentTest.class.getResourceAsStream("/openapi-3.0-schema.json")) {
            List<Error> faults = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_4)
                    .getSchema(schema)
                    .validate(document.root());
            assertEquals(List.of(), faults);
        }
    }

    @Test
    void everyReferenceLeadsSomewhere() {
        List<String> dangling = references(document.root())
                .filter(reference -> document.root().at(reference.substring(1)).isMissingNode())
                .toList();
        assertEquals(List.of(), dangling);
    }

    @Test
    void everyComponentIsUsed() {
        Set<String> used = references(document.root()).collect(Collectors.toSet());
        Set<String> unused = new TreeSet<>();
        document.root().get("components").properties().forEach(kind -> {
            if (!kind.getKey().equals("securitySchemes")) {
                kind.getValue()
                        .propertyNames()
                        .forEach(name -> unused.add("#/components/" + kind.getKey() + "/" + name));
            }
        });
        unused.removeAll(used);
        assertEquals(Set.of(), unused);
    }

    @Test
    void everyCallHasAnIdOfItsOwnAndWhatMustBeSaid() {
        Set<String> ids = new TreeSet<>();
        for (Operation operation : document.operations()) {
            assertTrue(ids.add(operation.node().get("operationId").stringValue()), operation::toString);
            for (String needed : List.of("summary", "tags", "x-roles", "responses")) {
                assertTrue(operation.node().has(needed), () -> operation + " lacks " + needed);
            }
            for (String status : List.of("401", "403")) {
                assertTrue(operation.node().get("responses").has(status), () -> operation + " lacks " + status);
            }
        }
    }

    @Test
    void everyExampleIsWhatItsSchemaSays() {
        List<String> faults = new ArrayList<>();
        int examples = examples(document.root(), "", faults);
        assertEquals(List.of(), faults);
        assertTrue(examples > 50, () -> examples + " examples");
    }

    @Test
    void everyBodyHasAnExample() {
        for (Operation operation : document.operations()) {
            List<JsonNode> contents = new ArrayList<>();
            if (operation.node().has("requestBody")) {
                contents.add(
                        document.resolved(operation.node().get("requestBody")).get("content"));
            }
            operation.node().get("responses").forEach(response -> {
                if (document.resolved(response).has("content")) {
                    contents.add(document.resolved(response).get("content"));
                }
            });
            contents.forEach(content -> content.forEach(
                    media -> assertTrue(media.has("examples") || media.has("example"), operation::toString)));
        }
    }

    @Test
    void itHasTheCallsOfTheCodeAndNoOthers() throws ReflectiveOperationException {
        assertEquals(
                String.join("\n", calls()),
                document.operations().stream().map(Operation::toString).sorted().collect(Collectors.joining("\n")));
    }

    @Test
    void everyCallStandsInTheTableOfRoles() throws ReflectiveOperationException {
        Map<String, Set<String>> table = new TreeMap<>();
        for (Permissions.Call call : Permissions.TABLE) {
            Set<String> before = table.put(
                    call.method() + " /api/" + call.template(),
                    call.roles().stream().map(Role::text).collect(Collectors.toCollection(TreeSet::new)));
            assertNull(before, () -> call + " stands twice");
        }
        Set<String> missing = new TreeSet<>(calls());
        missing.removeAll(table.keySet());
        assertEquals(Set.of(), missing, "calls without a row in Permissions");
        for (Operation operation : document.operations()) {
            Set<String> told = new TreeSet<>();
            operation.node().get("x-roles").forEach(role -> told.add(role.stringValue()));
            assertEquals(table.getOrDefault(operation.toString(), Set.of()), told, operation::toString);
        }
    }

    /** Every call of every resource in the WAR. */
    private static Set<String> calls() throws ReflectiveOperationException {
        Set<String> calls = new TreeSet<>();
        for (JavaClass type : new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.evenstock")) {
            if (type.isAnnotatedWith(Path.class)) {
                Class<?> resource = Class.forName(type.getName());
                for (Method method : resource.getDeclaredMethods()) {
                    calls.addAll(calls(resource, method));
                }
            }
        }
        assertFalse(calls.isEmpty());
        return calls;
    }

    private static List<String> calls(Class<?> resource, Method method) {
        Path own = method.getAnnotation(Path.class);
        String path = "/api/" + resource.getAnnotation(Path.class).value() + "/" + (own == null ? "" : own.value());
        String clean = path.replaceAll("/+", "/").replaceAll("/$", "");
        return Arrays.stream(method.getAnnotations())
                .map(Annotation::annotationType)
                .filter(type -> type.isAnnotationPresent(HttpMethod.class))
                .map(type -> type.getAnnotation(HttpMethod.class).value() + " " + clean)
                .toList();
    }

    private int examples(JsonNode node, String at, List<String> faults) {
        int found = 0;
        JsonNode schema = node.get("schema");
        if (node.isObject() && schema != null) {
            if (node.has("example")) {
                found += example(schema, node.get("example"), at, faults);
            }
            if (node.has("examples")) {
                for (JsonNode example : node.get("examples")) {
                    found += example(schema, example.get("value"), at, faults);
                }
            }
        }
        for (Map.Entry<String, JsonNode> child : node.properties()) {
            found += examples(child.getValue(), at + "/" + child.getKey(), faults);
        }
        return found;
    }

    private int example(JsonNode schema, JsonNode value, String at, List<String> faults) {
        document.faults(schema, value).forEach(fault -> faults.add(at + ": " + fault));
        return 1;
    }

    private static Stream<String> references(JsonNode node) {
        return node.findValues("$ref").stream().map(JsonNode::stringValue);
    }
}
