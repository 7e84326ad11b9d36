package dev.crossfade.cli;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Checks the packages of the executable and their allowed dependencies. */
class CliArchitectureTest {

    private static final String ROOT = "dev.crossfade.cli";
    private static final Set<String> BASE = Set.of("invocation", "terminal");

    /**
     * Each package and the other packages of this module that it may use; {@code Main}, above them all, creates the
     * commands.
     */
    private static final Map<String, Set<String>> ARROWS = Map.ofEntries(
            Map.entry("terminal", Set.of()),
            Map.entry("log", Set.of("terminal")),
            Map.entry("http", Set.of()),
            Map.entry("invocation", Set.of("terminal")),
            Map.entry("status", BASE),
            Map.entry("stage", BASE),
            Map.entry("schema", BASE),
            Map.entry("rows", BASE),
            Map.entry("queue", BASE),
            Map.entry("worker", Set.of("invocation", "terminal", "log", "http")));

    /** Each library and the packages that may use it. */
    private static final Map<String, Set<String>> HOMES = Map.of(
            "ch.qos.logback..", Set.of("log"),
            "tools.jackson..", Set.of("invocation", "log"),
            "io.micrometer..", Set.of("worker"),
            "com.sun.net.httpserver..", Set.of("http"));

    private static final JavaClasses CLI = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_JARS)
            .withImportOption(location -> !location.contains("test-classes"))
            .importPackages(ROOT);

    static Set<String> rooms() {
        return new TreeSet<>(ARROWS.keySet());
    }

    static Set<String> libraries() {
        return new TreeSet<>(HOMES.keySet());
    }

    @ParameterizedTest
    @MethodSource("rooms")
    void aRoomUsesOnlyTheRoomsBelowIt(String room) {
        String[] others = ARROWS.keySet().stream()
                .filter(other -> !other.equals(room) && !ARROWS.get(room).contains(other))
                .map(CliArchitectureTest::inside)
                .toArray(String[]::new);

        noClasses()
                .that()
                .resideInAPackage(inside(room))
                .should()
                .dependOnClassesThat(resideInAnyPackage(others))
                .check(CLI);
    }

    @Test
    void noRoomsUseEachOtherInACircle() {
        slices().matching("dev.crossfade.(**)").should().beFreeOfCycles().check(CLI);
    }

    @ParameterizedTest
    @MethodSource("libraries")
    void aLibraryHasOneHome(String library) {
        String[] homes =
                HOMES.get(library).stream().map(CliArchitectureTest::inside).toArray(String[]::new);

        noClasses()
                .that(DescribedPredicate.not(resideInAnyPackage(homes)))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .check(CLI);
    }

    private static String inside(String room) {
        return ROOT + "." + room + "..";
    }
}
