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

/** The rooms of the operator's tools and the arrows between them, down to the core. */
class OpsArchitectureTest {

    private static final String ROOT = "dev.crossfade";

    /** Room to the other rooms of this module that it may use; the rooms within a room count as part of it. */
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
                    "cli",
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

    /** Library to the rooms that may use it. */
    private static final Map<String, Set<String>> HOMES = Map.of(
            "picocli..", Set.of("cli"),
            "tools.jackson..", Set.of("cli"),
            "org.snakeyaml..", Set.of("mappingfile"),
            "org.togglz..", Set.of("cli"),
            "com.github.kagkarlsson..", Set.of("worker"),
            "io.micrometer..", Set.of("worker", "cli"),
            "com.sun.net.httpserver..", Set.of("cli"));

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

    /** A process that stands still in any other one would hold up whoever waits for its rows. */
    @Test
    void transactionsOnOurOwnTablesAreBegunByTheCore() {
        noClasses()
                .should()
                .callMethodWhere(
                        target(owner(assignableTo(DSLContext.class))).and(target(nameMatching("transaction.*"))))
                .check(OPS);
    }

    /** The thread that the end of a process runs is no daemon: the process waits for it. */
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
