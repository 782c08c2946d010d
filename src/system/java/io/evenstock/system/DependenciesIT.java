package io.evenstock.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;

/** What the WAR is made of, by its own bill of materials and without the network: nothing that is not on it, nothing unfit. */
class DependenciesIT {
    private static final Path WAR = Path.of("target", "evenstock.war");
    private static final String BILL = "WEB-INF/classes/META-INF/sbom/evenstock.cdx.json";
    private static final Set<String> LICENCES =
            Set.of("Apache-2.0", "MIT", "BSD-2-Clause", "BSD-3-Clause", "ISC", "EPL-2.0");

    /** The compiler alone needs its annotations; the plugin takes it for a part of the WAR, as the driver asks for it, too. */
    private static final Set<String> NOT_IN_THE_WAR = Set.of("checker-qual");

    private final JsonObject bill;
    private final Map<String, String> jars = new TreeMap<>();

    DependenciesIT() throws IOException {
        try (ZipFile war = new ZipFile(WAR.toFile())) {
            try (JsonReader reader = Json.createReader(war.getInputStream(war.getEntry(BILL)))) {
                bill = reader.readObject();
            }
            for (ZipEntry entry : war.stream()
                    .filter(each -> each.getName().matches("WEB-INF/lib/.+\\.jar"))
                    .toList()) {
                jars.put(entry.getName().replaceFirst(".*/", ""), sha256(war.getInputStream(entry)));
            }
        }
    }

    private List<JsonObject> components() {
        return bill.getJsonArray("components").getValuesAs(JsonObject.class);
    }

    @Test
    void eachJarIsTheOneOnTheBillByteForByte() {
        Map<String, String> billed = components().stream()
                .filter(component -> !NOT_IN_THE_WAR.contains(component.getString("name")))
                .collect(Collectors.toMap(DependenciesIT::fileName, DependenciesIT::hash, (a, b) -> a, TreeMap::new));
        assertTrue(billed.size() > 20, billed::toString);
        assertEquals(billed, jars);
    }

    @Test
    void eachIsOfOneReleasedVersion() {
        List<String> unfit = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (JsonObject component : components()) {
            String name = component.getString("group") + ":" + component.getString("name");
            String version = component.getString("version");
            if (!seen.add(name)) {
                unfit.add(name + " twice");
            }
            if (version.matches("(?i).*(snapshot|alpha|beta|-rc|-m\\d).*")) {
                unfit.add(name + " " + version);
            }
        }
        assertEquals(List.of(), unfit);
    }

    @Test
    void eachMayBeShippedByItsLicence() {
        Set<String> others = new TreeSet<>();
        for (JsonObject component : components()) {
            List<String> licences = component.getJsonArray("licenses").stream()
                    .map(JsonValue::asJsonObject)
                    .map(each -> each.containsKey("license")
                            ? each.getJsonObject("license")
                                    .getString(
                                            "id", each.getJsonObject("license").getString("name", "?"))
                            : each.getString("expression"))
                    .filter(licence -> !LICENCES.contains(licence))
                    .toList();
            if (!licences.isEmpty() || component.getJsonArray("licenses").isEmpty()) {
                others.add(component.getString("purl") + " " + licences);
            }
        }
        assertEquals(Set.of(), others);
    }

    private static String fileName(JsonObject component) {
        String classifier = component.getString("purl").contains("classifier=jakarta") ? "-jakarta" : "";
        return component.getString("name") + "-" + component.getString("version") + classifier + ".jar";
    }

    private static String hash(JsonObject component) {
        return component.getJsonArray("hashes").getValuesAs(JsonObject.class).stream()
                .filter(hash -> hash.getString("alg").equals("SHA-256"))
                .map(hash -> hash.getString("content"))
                .findFirst()
                .orElseThrow();
    }

    private static String sha256(InputStream content) throws IOException {
        try (content) {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content.readAllBytes()));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
