package dev.crossfade;

import static com.tngtech.archunit.base.DescribedPredicate.doNot;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.crossfade.control.ControlTransaction;
import dev.crossfade.testing.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jooq.DSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rooms of the core and the arrows between them: a room uses those below it, never the reverse. */
class ArchitectureTest {

    private static final String ROOT = "dev.crossfade";

    /** Room to the rooms that it may use, from the bottom to the top. */
    private static final Map<String, Set<String>> ARROWS = Map.ofEntries(
            Map.entry("model", Set.of()),
            Map.entry("time", Set.of()),
            Map.entry("sql", Set.of("model")),
            Map.entry("control", Set.of("sql", "model", "time")),
            Map.entry("fleet", Set.of("model", "time")),
            Map.entry("mapping", Set.of("control", "sql", "model")),
            Map.entry("statement", Set.of("mapping", "control", "sql", "model")),
            Map.entry("check", Set.of("mapping", "control", "sql", "model")),
            Map.entry("trial", Set.of("check", "statement", "mapping", "control", "sql", "model", "time")),
            Map.entry("queue", Set.of("mapping", "control", "sql", "model")),
            Map.entry("reconcile", Set.of("queue", "statement", "mapping", "control", "sql", "model", "time")),
            Map.entry("flags", Set.of("reconcile", "queue", "mapping", "control", "sql", "model", "time")),
            Map.entry("stages", Set.of("flags", "fleet", "mapping", "control", "sql", "model", "time")),
            Map.entry("shadow", Set.of("stages", "queue", "statement", "mapping", "control", "sql", "model", "time")),
            Map.entry("lossy", Set.of("statement", "mapping", "control", "sql", "model", "time")),
            Map.entry("guard", Set.of("control", "sql")),
            Map.entry(
                    "write",
                    Set.of("lossy", "guard", "stages", "queue", "statement", "mapping", "control", "sql", "model")),
            Map.entry("read", Set.of("guard", "stages", "flags", "mapping", "control", "model")),
            Map.entry("transaction", Set.of("control", "sql", "model")),
            Map.entry(
                    "routing",
                    Set.of(
                            "write",
                            "read",
                            "transaction",
                            "lossy",
                            "guard",
                            "shadow",
                            "stages",
                            "queue",
                            "statement",
                            "mapping",
                            "control",
                            "sql",
                            "model")),
            Map.entry(
                    "gate",
                    Set.of(
                            "shadow", "trial", "check", "flags", "queue", "fleet", "mapping", "control", "sql", "model",
                            "time")),
            Map.entry(
                    "metrics",
                    Set.of(
                            "routing",
                            "read",
                            "lossy",
                            "shadow",
                            "flags",
                            "reconcile",
                            "fleet",
                            "control",
                            "sql",
                            "model",
                            "time")));

    /** Library to the rooms that may use it; no room may use a library that is not named here. */
    private static final Map<String, Set<String>> HOMES = Map.of(
            "org.togglz..", Set.of("flags"),
            "io.github.resilience4j..", Set.of("guard"),
            "io.micrometer..", Set.of("metrics"));

    /** The two whose interfaces the entry to Crossfade may name. */
    private static final String[] NAMED_BY_THE_ENTRY = {
        "org.togglz.core.repository..", "org.togglz.core.spi..", "io.micrometer.core.instrument.."
    };

    private static final JavaClasses CORE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_JARS)
            .withImportOption(location -> !location.contains("test-classes"))
            .importPackages(ROOT);

    static Set<String> rooms() {
        return ARROWS.keySet();
    }

    static Set<String> libraries() {
        return HOMES.keySet();
    }

    @Test
    void everyRoomIsOnTheMap() {
        Set<String> found = CORE.stream()
                .map(JavaClass::getPackageName)
                .filter(name -> name.startsWith(ROOT + "."))
                .map(name -> name.substring(ROOT.length() + 1))
                .collect(Collectors.toSet());

        assertThat(found).isEqualTo(ARROWS.keySet());
    }

    @ParameterizedTest
    @MethodSource("rooms")
    void aRoomUsesOnlyTheRoomsBelowIt(String room) {
        List<String> allowed =
                ARROWS.get(room).stream().map(ArchitectureTest::inside).toList();

        noClasses()
                .that()
                .resideInAPackage(inside(room))
                .should()
                .dependOnClassesThat(resideInAnyPackage(ROOT, ROOT + ".*")
                        .and(not(resideInAPackage(inside(room))))
                        .and(not(resideInAnyPackage(allowed.toArray(String[]::new)))))
                .check(CORE);
    }

    @ParameterizedTest
    @MethodSource("rooms")
    void aRoomSaysWhatItUses(String room) throws IOException {
        Path main = Files.isDirectory(Path.of("main/java")) ? Path.of("main/java") : Path.of("src/main/java");
        String text = Files.readString(main.resolve("dev/crossfade/" + room + "/package-info.java"))
                .replaceAll("\\s+\\*/?\\s+", " ");
        Set<String> said = Pattern.compile("\\bUses (.*?)\\. ")
                .matcher(text)
                .results()
                .flatMap(uses -> Pattern.compile("\\{@code (\\w+)}")
                        .matcher(uses.group(1))
                        .results())
                .map(name -> name.group(1))
                .collect(Collectors.toSet());

        assertThat(said).isEqualTo(ARROWS.get(room));
    }

    @Test
    void noRoomsUseEachOtherInACircle() {
        slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(CORE);
    }

    @ParameterizedTest
    @MethodSource("libraries")
    void aLibraryHasOneHome(String library) {
        String[] homes =
                HOMES.get(library).stream().map(ArchitectureTest::inside).toArray(String[]::new);

        noClasses()
                .that(doNot(resideInAnyPackage(homes)).and(not(resideInAPackage(ROOT))))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .check(CORE);
    }

    @Test
    void theEntryNamesNoMoreOfALibraryThanItsInterfaces() {
        noClasses()
                .that()
                .resideInAPackage(ROOT)
                .should()
                .dependOnClassesThat(resideInAnyPackage(HOMES.keySet().toArray(String[]::new))
                        .and(not(resideInAnyPackage(NAMED_BY_THE_ENTRY))))
                .check(CORE);
    }

    /** In any other transaction a paused process would block whoever waits for its rows. */
    @Test
    void transactionsOnOurOwnTablesAreBegunInOnePlace() {
        noClasses()
                .that()
                .resideOutsideOfPackages(inside("routing"), ROOT)
                .and()
                .doNotHaveFullyQualifiedName(ControlTransaction.class.getName())
                .should()
                .callMethodWhere(
                        target(owner(assignableTo(DSLContext.class))).and(target(nameMatching("transaction.*"))))
                .check(CORE);
    }

    @Test
    void nothingElseIsNeededAtRunTime() {
        classes()
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                        ROOT + "..",
                        "java..",
                        "javax.sql..",
                        "org.jooq..",
                        "org.postgresql..",
                        "com.zaxxer.hikari..",
                        "org.slf4j..",
                        "org.jspecify.annotations..",
                        "org.togglz.core..",
                        "io.github.resilience4j..",
                        "io.micrometer.core.."))
                .check(CORE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"model", "time"})
    void theLowestRoomsKnowTheJdkAlone(String room) {
        classes()
                .that()
                .resideInAPackage(inside(room))
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(inside(room), "java..", "org.jspecify.annotations.."))
                .check(CORE);
    }

    /** A wait outside the injected clock cannot be tested fast, and a wait that nothing interrupts delays a stop. */
    @Test
    void onlyTheRoomOfTimeWaitsAndMakesThreads() {
        Waiting.elsewhereThan(inside("time")).check(CORE);
    }

    @Test
    void classesAreNamedAfterWhatTheyAre() {
        noClasses()
                .should()
                .haveSimpleNameEndingWith("Util")
                .orShould()
                .haveSimpleNameEndingWith("Utils")
                .orShould()
                .haveSimpleNameEndingWith("Helper")
                .orShould()
                .haveSimpleNameEndingWith("Manager")
                .orShould()
                .haveSimpleNameEndingWith("Impl")
                .check(CORE);
    }

    private static String inside(String room) {
        return ROOT + "." + room;
    }
}
