package dev.crossfade;

import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.crossfade.testing.Waiting;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jooq.DSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Checks the packages of the operator's tools and their allowed dependencies, down to the core. */
class OpsArchitectureTest {

    private static final String ROOT = "dev.crossfade";

    /** Each package and the other packages of this module that it may use; nested packages count as part of it. */
    private static final Map<String, Set<String>> ARROWS = Map.ofEntries(
            Map.entry("schema", Set.of()),
            Map.entry("mappingfile", Set.of()),
            Map.entry("backfill", Set.of()),
            Map.entry("capture", Set.of()),
            Map.entry("entities", Set.of("capture")),
            Map.entry("verify", Set.of()),
            Map.entry("recover", Set.of("verify")),
            Map.entry("finish", Set.of("schema", "capture", "recover")),
            Map.entry("worker", Set.of("schema", "mappingfile", "backfill", "verify")),
            Map.entry("settings", Set.of("worker", "schema", "verify")),
            Map.entry("connection", Set.of("settings")),
            Map.entry(
                    "operate",
                    Set.of(
                            "connection",
                            "settings",
                            "worker",
                            "schema",
                            "mappingfile",
                            "backfill",
                            "capture",
                            "entities",
                            "verify",
                            "recover",
                            "finish")));

    /** Each library and the packages that may use it. */
    private static final Map<String, Set<String>> HOMES = Map.of(
            "org.snakeyaml..", Set.of("mappingfile"),
            "org.togglz..", Set.of("operate"),
            "com.github.kagkarlsson..", Set.of("worker"),
            "com.zaxxer..", Set.of("connection"),
            "io.micrometer..", Set.of("worker"));

    /** Libraries of the executable, which users of this module (settings, code generation) should not get. */
    private static final String[] NOT_HERE = {
        "picocli..",
        "tools.jackson..",
        "ch.qos.logback..",
        "com.sun.net.httpserver..",
        "io.micrometer.prometheusmetrics.."
    };

    private static final JavaClasses OPS = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_JARS)
            .withImportOption(location -> !location.contains("test-classes"))
            .importPackages(
                    ARROWS.keySet().stream().map(room -> ROOT + "." + room).toArray(String[]::new));

    static Set<String> rooms() {
        return new TreeSet<>(ARROWS.keySet());
    }

    static Set<String> libraries() {
        return new TreeSet<>(HOMES.keySet());
    }

    @ParameterizedTest
    @MethodSource("rooms")
    void aRoomUsesOnlyTheRoomsBelowIt(String room) {
        Set<String> others = ARROWS.keySet().stream()
                .filter(other -> !other.equals(room) && !ARROWS.get(room).contains(other))
                .collect(Collectors.toSet());

        noClasses()
                .that()
                .resideInAPackage(inside(room))
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                        others.stream().map(OpsArchitectureTest::inside).toArray(String[]::new)))
                .allowEmptyShould(true)
                .check(OPS);
    }

    /** In any other transaction a paused process would block whoever waits for its rows. */
    @Test
    void transactionsOnOurOwnTablesAreBegunByTheCore() {
        noClasses()
                .should()
                .callMethodWhere(
                        target(owner(assignableTo(DSLContext.class))).and(target(nameMatching("transaction.*"))))
                .check(OPS);
    }

    /** The thread of a shutdown hook is not a daemon, so the process waits for it. */
    @Test
    void onlyTheCoresRoomOfTimeWaitsAndMakesThreads() {
        Waiting.elsewhereThan(ROOT + ".cli.ProcessTermination$Hook").check(OPS);
    }

    @Test
    void noRoomsUseEachOtherInACircle() {
        slices().matching(ROOT + ".(**)").should().beFreeOfCycles().check(OPS);
    }

    @ParameterizedTest
    @MethodSource("libraries")
    void aLibraryHasOneHome(String library) {
        String[] homes =
                HOMES.get(library).stream().map(OpsArchitectureTest::inside).toArray(String[]::new);

        noClasses()
                .that(DescribedPredicate.not(resideInAnyPackage(homes)))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .check(OPS);
    }

    @Test
    void theLibraryHasNoTerminalNoLoggingBackendAndNoJson() {
        noClasses().should().dependOnClassesThat().resideInAnyPackage(NOT_HERE).check(OPS);
    }

    @Test
    void classesAreNamedAfterWhatTheyAre() {
        assertThat(OPS.stream()
                        .map(JavaClass::getSimpleName)
                        .filter(name -> name.matches(".*(Util|Utils|Helper|Manager|Impl)")))
                .isEmpty();
    }

    private static String inside(String room) {
        return ROOT + "." + room + "..";
    }
}
