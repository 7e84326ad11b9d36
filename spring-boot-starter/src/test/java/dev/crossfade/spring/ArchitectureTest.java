package dev.crossfade.spring;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.crossfade.testing.Waiting;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The starter's packages and the arrows between them; of Crossfade it uses the core alone. */
class ArchitectureTest {

    private static final String ROOT = "dev.crossfade.spring";

    /** Package to the packages of the starter that it may use. */
    private static final Map<String, Set<String>> ARROWS = Map.of(
            "transaction", Set.of(),
            "actuate", Set.of(),
            "autoconfigure", Set.of("transaction", "actuate"));

    /** The core's packages. */
    private static final String[] CORE = {
        "dev.crossfade",
        "dev.crossfade.model",
        "dev.crossfade.time",
        "dev.crossfade.sql",
        "dev.crossfade.statement",
        "dev.crossfade.check",
        "dev.crossfade.trial",
        "dev.crossfade.stages",
        "dev.crossfade.shadow",
        "dev.crossfade.control",
        "dev.crossfade.mapping",
        "dev.crossfade.queue",
        "dev.crossfade.fleet",
        "dev.crossfade.reconcile",
        "dev.crossfade.flags",
        "dev.crossfade.lossy",
        "dev.crossfade.guard",
        "dev.crossfade.write",
        "dev.crossfade.read",
        "dev.crossfade.transaction",
        "dev.crossfade.routing",
        "dev.crossfade.gate",
        "dev.crossfade.metrics"
    };

    private static final JavaClasses STARTER = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("test-classes"))
            .importPackages(ROOT);

    static Set<String> packages() {
        return ARROWS.keySet();
    }

    @Test
    void everyPackageIsOnTheMap() {
        Set<String> found = STARTER.stream()
                .map(JavaClass::getPackageName)
                .filter(name -> name.startsWith(ROOT + "."))
                .map(name -> name.substring(ROOT.length() + 1))
                .collect(Collectors.toSet());

        assertThat(found).isEqualTo(ARROWS.keySet());
    }

    @ParameterizedTest
    @MethodSource("packages")
    void aPackageUsesOnlyThoseBelowIt(String name) {
        String[] allowed =
                ARROWS.get(name).stream().map(below -> ROOT + "." + below).toArray(String[]::new);

        noClasses()
                .that()
                .resideInAPackage(ROOT + "." + name)
                .should()
                .dependOnClassesThat(resideInAPackage(ROOT + "..")
                        .and(not(resideInAPackage(ROOT + "." + name)))
                        .and(not(resideInAnyPackage(allowed))))
                .check(STARTER);
    }

    @Test
    void ofCrossfadeTheStarterUsesTheCoreAlone() {
        noClasses()
                .should()
                .dependOnClassesThat(resideInAPackage("dev.crossfade..")
                        .and(not(resideInAPackage(ROOT + "..")))
                        .and(not(resideInAnyPackage(CORE))))
                .check(STARTER);
    }

    @Test
    void onlyTheCoresRoomOfTimeWaitsAndMakesThreads() {
        Waiting.elsewhereThan().check(STARTER);
    }

    @Test
    void transactionsNeedNeitherSpringBootNorTheActuator() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".transaction")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.springframework.boot..")
                .check(STARTER);
    }
}
