package io.evenstock.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsReaderTest {
    @Test
    void everySettingHasADefault() {
        Settings settings = read(Map.of());
        assertEquals("/retailpro/reset", settings.sftp().inbox());
        assertEquals("/evenstock/reset", settings.sftp().filtered());
        assertEquals("/evenstock/variance", settings.sftp().variance());
        assertEquals("ResetInventory_{asOf}.csv", settings.reset().namePattern());
        assertEquals("UPCA", settings.reset().idType());
        assertEquals(LocalTime.of(1, 30), settings.schedule().times().get("filter"));
        assertTrue(settings.schedule().enabled());
        assertEquals(Optional.empty(), settings.bootstrapKey());
        assertTrue(settings.feed().enabled());
        assertEquals("/erp/reset", settings.feed().folder());
        assertEquals(Settings.AsOf.NAME, settings.feed().asOf());
        assertEquals(Duration.ofMinutes(1), settings.feed().interval());
    }

    @Test
    void feedFilesAreKnownByGlobsOrARegularExpression() {
        Pattern byDefault = read(Map.of()).feed().namePattern();
        assertTrue(byDefault.matcher("stock-1.CSV").matches());
        assertTrue(byDefault.matcher("a.b+(c).csv.gz").matches());
        assertFalse(byDefault.matcher("stock.csv.sha256").matches());
        assertFalse(byDefault.matcher("stockcsv").matches());
        Pattern globs = read(Map.of("evenstock.feed.name-pattern", "erp-?.txt, *.dat"))
                .feed()
                .namePattern();
        assertTrue(globs.matcher("erp-1.txt").matches());
        assertTrue(globs.matcher("x.dat").matches());
        assertFalse(globs.matcher("erp-12.txt").matches());
        Pattern regex = read(Map.of("evenstock.feed.name-pattern", "regex:[a-c]{2,3}[.]csv"))
                .feed()
                .namePattern();
        assertTrue(regex.matcher("abc.csv").matches());
        assertFalse(regex.matcher("abcd.csv").matches());
    }

    @Test
    void everyFaultOfTheFeedIsListed() {
        IllegalArgumentException faults = assertThrows(
                IllegalArgumentException.class,
                () -> read(Map.of(
                        "evenstock.feed.enabled", "on",
                        "evenstock.feed.interval", "PT0.5S",
                        "evenstock.feed.as-of", "NOW",
                        "evenstock.feed.name-pattern", "regex:[",
                        "evenstock.sftp.feed", "/retailpro/reset")));
        String message = String.valueOf(faults.getMessage());
        for (String name :
                new String[] {"feed.enabled", "feed.interval", "feed.as-of", "feed.name-pattern", "sftp.feed"}) {
            assertTrue(message.contains("evenstock." + name), message);
        }
    }

    @Test
    void everyFaultOfTheAlertsIsListedAndNoSecretTold() {
        assertEquals(Optional.empty(), read(Map.of()).alerts().mail());
        assertEquals(Optional.empty(), read(Map.of()).alerts().webhook());
        Map<String, String> texts = Map.of(
                "evenstock.alert.interval", "PT0.1S",
                "evenstock.alert.base-address", "stock.example.org",
                "evenstock.alert.webhook.url", "https://hunter2@chat.example.org/hunter2",
                "evenstock.alert.webhook.secret", "hunter2",
                "evenstock.alert.mail.host", "mail.example.org",
                "evenstock.alert.mail.security", "SSL",
                "evenstock.alert.mail.password", "hunter2",
                "evenstock.alert.mail.from", "nobody",
                "evenstock.alert.mail.to", " , ");
        String message = String.valueOf(
                assertThrows(IllegalArgumentException.class, () -> read(texts)).getMessage());
        for (String name : new String[] {
            "interval",
            "base-address",
            "webhook.url",
            "webhook.secret",
            "mail.security",
            "mail.password",
            "mail.from",
            "mail.to"
        }) {
            assertTrue(message.contains("evenstock.alert." + name), message);
        }
        assertFalse(message.contains("hunter2"), message);
    }

    @Test
    void theCookieIsForTlsWherePeopleComeByTls() {
        String base = "evenstock.alert.base-address";
        assertFalse(read(Map.of()).console().secureCookie());
        assertFalse(read(Map.of(base, "http://stock.example.org")).console().secureCookie());
        assertTrue(read(Map.of(base, "https://stock.example.org")).console().secureCookie());
        assertTrue(read(Map.of("evenstock.openid.redirect", "https://stock.example.org/console/openid"))
                .console()
                .secureCookie());
        assertFalse(read(Map.of(base, "https://stock.example.org", "evenstock.console.secure-cookie", "false"))
                .console()
                .secureCookie());
    }

    @Test
    void keysOfSecretsAreSeveralAndAFaultyOneIsNotTold() {
        String one = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
        String other = "//////////////////////////////////////////8=";
        assertEquals(List.of(), read(Map.of()).secretKeys());
        assertEquals(
                2,
                read(Map.of("evenstock.secrets.key", one + ", " + other))
                        .secretKeys()
                        .size());
        for (String faulty : List.of("dG9vIHNob3J0", "no base64!", one + "," + one.substring(4))) {
            String message = String.valueOf(
                    assertThrows(IllegalArgumentException.class, () -> read(Map.of("evenstock.secrets.key", faulty)))
                            .getMessage());
            assertTrue(message.contains("evenstock.secrets.key must be 32 bytes in base64"), message);
            assertFalse(message.contains(faulty), message);
        }
    }

    @Test
    void whatIsSetCounts() {
        Settings settings = read(Map.of(
                "evenstock.zone", "Europe/London",
                "evenstock.sftp.port", "2222",
                "evenstock.schedule.reset", "02:15",
                "evenstock.reset.delimiter", ";"));
        assertEquals(ZoneId.of("Europe/London"), settings.zone());
        assertEquals(2222, settings.sftp().port());
        assertEquals(LocalTime.of(2, 15), settings.schedule().times().get("reset"));
        assertEquals(';', settings.reset().delimiter());
    }

    @Test
    void everyFaultIsListedAndNoSecretTold() {
        IllegalArgumentException faults = assertThrows(
                IllegalArgumentException.class,
                () -> read(Map.of(
                        "evenstock.zone", "Mars/Olympus",
                        "evenstock.sftp.port", "70000",
                        "evenstock.sftp.inbox", "reset/",
                        "evenstock.reset.minimum-share", "80 %",
                        "evenstock.reset.name-pattern", "reset.csv",
                        "evenstock.schedule.enabled", "yes",
                        "evenstock.bootstrap.key", "hunter2")));
        String message = String.valueOf(faults.getMessage());
        for (String name : new String[] {
            "zone",
            "sftp.port",
            "sftp.inbox",
            "reset.minimum-share",
            "reset.name-pattern",
            "schedule.enabled",
            "bootstrap.key"
        }) {
            assertTrue(message.contains("evenstock." + name), message);
        }
        assertFalse(message.contains("hunter2"), message);
    }

    @Test
    void aSecretMayStandInAFile(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("password"), "from the file\n");
        Settings settings = read(Map.of("evenstock.sftp.password.file", file.toString()));
        assertEquals(Optional.of("from the file"), settings.sftp().password());
        assertThrows(
                IllegalArgumentException.class,
                () -> read(Map.of(
                        "evenstock.sftp.password.file", folder.resolve("none").toString())));
    }

    private static Settings read(Map<String, String> set) {
        return new SettingsReader(name -> Optional.ofNullable(set.get(name))).read();
    }
}
