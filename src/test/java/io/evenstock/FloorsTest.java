package io.evenstock;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.Architectures;
import jakarta.ejb.Schedule;
import jakarta.ejb.Timeout;
import jakarta.ejb.TransactionManagement;
import jakarta.ejb.TransactionManagementType;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;

/** The floors of docs/architecture.md: arrows point down only, and packages on one floor do not know each other. */
@AnalyzeClasses(packages = "io.evenstock", importOptions = FloorsTest.ProductOnly.class)
class FloorsTest {
    @ArchTest
    static final ArchRule ARROWS_POINT_DOWN = Architectures.layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("roof")
            .definedBy(floor("console"))
            .layer("watch")
            .definedBy(floor("alert"))
            .layer("top")
            .definedBy(floor("nightly", "feed", "pos", "review", "downstream", "selfaudit"))
            .layer("figure")
            .definedBy(floor("inventory"))
            .layer("facts")
            .definedBy(floor("snapshot", "movement", "fulfilment"))
            .layer("catalog")
            .definedBy(floor("catalog"))
            .layer("means")
            .definedBy(floor("exchange", "access"))
            .layer("server")
            .definedBy(floor("database", "http"))
            .layer("observation")
            .definedBy(floor("observation"))
            .layer("settings")
            .definedBy(floor("settings"))
            .layer("ground")
            .definedBy(floor("file", "stock"))
            .whereLayer("roof")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("watch")
            .mayOnlyBeAccessedByLayers("roof")
            .whereLayer("top")
            .mayOnlyBeAccessedByLayers("roof", "watch")
            .whereLayer("figure")
            .mayOnlyBeAccessedByLayers("roof", "watch", "top")
            .whereLayer("facts")
            .mayOnlyBeAccessedByLayers("roof", "watch", "top", "figure")
            .whereLayer("catalog")
            .mayOnlyBeAccessedByLayers("roof", "watch", "top", "figure", "facts")
            .whereLayer("means")
            .mayOnlyBeAccessedByLayers("roof", "watch", "top", "figure", "facts", "catalog")
            .whereLayer("server")
            .mayOnlyBeAccessedByLayers("roof", "watch", "top", "figure", "facts", "catalog", "means")
            .whereLayer("observation")
            .mayOnlyBeAccessedByLayers("roof", "watch", "top", "figure", "facts", "catalog", "means", "server")
            .whereLayer("settings")
            .mayOnlyBeAccessedByLayers(
                    "roof", "watch", "top", "figure", "facts", "catalog", "means", "server", "observation");

    @ArchTest
    static final ArchRule NO_CIRCLES =
            slices().matching("io.evenstock.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule TOP_KEEPS_APART = strangers("nightly", "feed", "pos", "review", "downstream", "selfaudit");

    @ArchTest
    static final ArchRule FACTS_KEEP_APART = slices().matching("io.evenstock.(snapshot|movement|fulfilment)..")
            .should()
            .notDependOnEachOther();

    @ArchTest
    static final ArchRule MEANS_KEEP_APART = strangers("exchange", "access");

    @ArchTest
    static final ArchRule GROUND_KEEPS_APART = strangers("file", "stock");

    @ArchTest
    static final ArchRule GROUND_IS_PLAIN_JAVA = classes()
            .that()
            .resideInAnyPackage(floor("file", "stock"))
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "io.evenstock.file", "io.evenstock.stock", "java..", "org.jspecify..", "org.apache.commons.csv..");

    @ArchTest
    static final ArchRule NO_SERVER_SPECIFIC_CLASS = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("fish.payara..", "org.glassfish..", "org.jboss..", "org.wildfly..", "com.sun..");

    @ArchTest
    static final ArchRule TIME_COMES_FROM_THE_CLOCK = noClasses()
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(LocalDate.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(Clock.class, "systemDefaultZone");

    /** Nothing a timer does may hang in a transaction that nobody asked for: files, messages, partitions that are detached. */
    @ArchTest
    static final ArchRule TIMERS_BEGIN_NO_TRANSACTION = methods()
            .that()
            .areAnnotatedWith(Schedule.class)
            .or()
            .areAnnotatedWith(Timeout.class)
            .should(beInAClassThatMindsItsTransactionsItself())
            .because("Payara begins one for each timer's method, whatever @TransactionAttribute says");

    private static ArchCondition<JavaMethod> beInAClassThatMindsItsTransactionsItself() {
        return new ArchCondition<>("be in a class with @TransactionManagement(BEAN)") {
            @Override
            public void check(JavaMethod method, ConditionEvents events) {
                boolean minds = method.getOwner()
                        .tryGetAnnotationOfType(TransactionManagement.class)
                        .map(management -> management.value() == TransactionManagementType.BEAN)
                        .orElse(false);
                events.add(new SimpleConditionEvent(method, minds, method.getFullName()));
            }
        };
    }

    private static String[] floor(String... packages) {
        String[] names = new String[packages.length];
        for (int i = 0; i < packages.length; i++) {
            names[i] = "io.evenstock." + packages[i] + "..";
        }
        return names;
    }

    private static ArchRule strangers(String... packages) {
        return slices().matching("io.evenstock.(" + String.join("|", packages) + ")..")
                .should()
                .notDependOnEachOther();
    }

    /** Tests and the lab are built beside the product. */
    static final class ProductOnly implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return location.contains("/classes/") && !location.contains("/test-classes/");
        }
    }
}
