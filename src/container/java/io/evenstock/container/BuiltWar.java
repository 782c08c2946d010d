package io.evenstock.container;

import java.io.File;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.importer.ZipImporter;
import org.jboss.shrinkwrap.api.spec.WebArchive;

/** The WAR as it was built, for tests that run in it. */
public final class BuiltWar {
    private BuiltWar() {}

    /** The built WAR and the test classes. */
    public static WebArchive with(Class<?>... tests) {
        return ShrinkWrap.create(ZipImporter.class, "evenstock.war")
                .importFrom(new File(System.getProperty("evenstock.war", "target/evenstock.war")))
                .as(WebArchive.class)
                .addClasses(tests);
    }
}
