package dev.crossfade.codegen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.Crossfade;
import dev.crossfade.control.ControlSchema;
import dev.crossfade.control.Databases;
import dev.crossfade.flags.StageChanger;
import dev.crossfade.flags.StageLog.Author;
import dev.crossfade.model.Stage;
import dev.crossfade.schema.DestructionGate;
import dev.crossfade.schema.SchemaListener;
import dev.crossfade.schema.SchemaRunner;
import dev.crossfade.schema.SchemaSettings;
import dev.crossfade.schema.file.MigrationDirectory;
import dev.crossfade.schema.file.Phase;
import dev.crossfade.testing.TestDatabase;
import dev.crossfade.testing.TestDatabases;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.jooq.DSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Generates from a schema with everything awkward in it, compiles the result and runs it. */
class MessySchemaIT {

    private static final List<String> ENTITIES = List.of("everything", "order-line", "transaction", "user");

    @TempDir
    private static Path directory;

    private static Generation generation;
    private static ClassLoader generated;

    @BeforeAll
    static void generate() throws Exception {
        generation = new Generation(directory.resolve("sources"), Generation.resources("messy")).run();
        Path scenario = Generation.directory("messy").resolve("scenario/com/example/Scenario.java");
        generated = generation.compile(Files.createDirectory(directory.resolve("classes")), List.of(scenario));
    }

    @Test
    void theGeneratedTextIsWhatReviewersHaveSeen() throws Exception {
        Path golden = Generation.directory("messy").resolve("golden");
        for (String name : List.of(
                "User",
                "UserType",
                "UserRepository",
                "LegacyUserRepository",
                "DualWriteUserRepository",
                "PlainUserRepository")) {
            assertThat(generation.text(Generation.PACKAGE + ".repository." + name))
                    .as(name)
                    .isEqualTo(Files.readString(golden.resolve(name + ".java")));
        }
    }

    @Test
    void theRepositoriesWorkInLegacyOnlyAndInDualWrite() throws Exception {
        try (TestDatabase database = TestDatabases.create()) {
            prepare(database.databases());
            try (Crossfade crossfade = Crossfade.builder()
                    .database(database.dataSource())
                    .stagePolling(Duration.ofMillis(20))
                    .build()) {
                scenario("legacyOnly").accept(crossfade);
                crossfade
                        .stages()
                        .change(new StageChanger.Request(
                                ENTITIES, Stage.DUAL_WRITE, new Author("test", "the test"), true));
                Awaitility.await()
                        .until(() -> ENTITIES.stream().allMatch(entity -> crossfade.stage(entity) == Stage.DUAL_WRITE));
                scenario("dualWrite").accept(crossfade);
            }
        }
    }

    @Test
    void thePlainRepositoriesWorkWhenAllOfLegacyAndOfCrossfadeIsGone() throws Exception {
        try (TestDatabase database = TestDatabases.create()) {
            prepare(database.databases());
            database.execute("drop schema legacy cascade", "drop schema crossfade cascade");

            generated
                    .loadClass("com.example.Scenario")
                    .getMethod("contracted", DSLContext.class)
                    .invoke(null, database.dsl());
        }
    }

    /** Finds a scenario; it is generic code of the generated classes and so compiled together with them. */
    private static Consumer<Crossfade> scenario(String name) throws ReflectiveOperationException {
        var method = generated.loadClass("com.example.Scenario").getMethod(name, Crossfade.class);
        return crossfade -> {
            try {
                method.invoke(null, crossfade);
            } catch (ReflectiveOperationException e) {
                throw new AssertionError(name, e.getCause() == null ? e : e.getCause());
            }
        };
    }

    /** Makes a database of the service's as the generator made its own. */
    private static void prepare(Databases databases) {
        Path messy = Generation.directory("messy");
        ScriptFiles.find(messy, List.of("V*.sql")).forEach(file -> new BaselineScript(file).run(databases.legacy()));
        ControlSchema.install(databases);
        MigrationDirectory migrations = MigrationDirectory.read(messy.resolve("migrations"));
        new SchemaRunner(
                        databases,
                        new MigrationDirectory(
                                migrations.path(),
                                migrations.migrations().stream()
                                        .filter(one -> one.phase() == Phase.EXPAND)
                                        .toList()),
                        DestructionGate.unguarded(),
                        SchemaSettings.DEFAULTS,
                        SchemaListener.silent())
                .up();
    }
}
