package dev.crossfade.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.crossfade.model.InvalidInputException;
import dev.crossfade.model.RefusedException;
import dev.crossfade.schema.MigrationStatus.State;
import dev.crossfade.schema.SchemaFixture.OpenTransaction;
import dev.crossfade.schema.SchemaFixture.Topology;
import dev.crossfade.schema.file.MigrationVersion;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Scripts with statements that cannot run in a transaction: progress, resuming, and what CONCURRENTLY leaves behind.
 */
@Timeout(120)
class StepwiseMigrationIT {

    @TempDir
    private Path path;

    private SchemaFixture schema;

    @BeforeEach
    void open() {
        schema = new SchemaFixture(path, Topology.ONE_DATABASE);
    }

    @AfterEach
    void close() {
        schema.close();
    }

    /** A crash: the listener throws where the process would have died. */
    private static final class Crash extends Error {
        private static final long serialVersionUID = 1L;
    }

    @ParameterizedTest
    @EnumSource
    void anIndexIsBuiltConcurrentlyWhileTheRunnersLockIsHeld(Topology topology) {
        try (SchemaFixture fixture = new SchemaFixture(path, topology)) {
            fixture.write("V1__a.up", "create table a (id int)")
                    .write("V2__i.up", "create index concurrently a_id on a (id);\nreindex index concurrently a_id")
                    .write("V2__i.down", "drop index concurrently a_id");

            assertThat(fixture.up()).containsExactly("1", "2");
            assertThat(fixture.isValid("a_id")).isTrue();
            assertThat(fixture.states()).containsEntry("2", State.APPLIED);

            fixture.runner().down(1);
            assertThat(fixture.exists("a_id")).isFalse();
        }
    }

    @Test
    void aBuildWaitsForWritersLongerThanTheLockTimeout() throws Exception {
        schema.write("V1__a.up", "create table a (id int)");
        schema.up();
        schema.write("V2__i.up", "create index concurrently a_id on a (id)");
        SchemaRunner runner = schema.runner();

        try (ExecutorService thread = Executors.newSingleThreadExecutor();
                OpenTransaction writer = schema.begin("insert into a values (1)")) {
            Future<List<MigrationRun>> run = thread.submit(() -> runner.up());
            try {
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> schema.modern().dsl().fetchOptional("""
                                select 1 from pg_stat_activity
                                 where query like 'create index concurrently%' and wait_event_type = 'Lock'
                                   and datname = current_database()
                                   and clock_timestamp() - query_start > interval '600 ms'
                                """).isPresent());
            } finally {
                writer.commit();
            }
            assertThat(run.get()).hasSize(1);
        }
        assertThat(schema.isValid("a_id")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "if not exists"})
    void aFailedBuildLeavesNeitherIndexNorRecord(String condition) {
        schema.write("V1__a.up", "create table a (id int);\ninsert into a values (1), (1)")
                .write("V2__u.up", "\ncreate unique index concurrently " + condition + " a_id on a (id)");

        assertThatThrownBy(schema::up)
                .isInstanceOf(MigrationFailedException.class)
                .hasMessageContaining("V2__u.up.sql:2 failed (SQLSTATE 23505)")
                .hasMessageNotContaining("(1)")
                .hasMessageContaining("Nothing of this file was kept");
        assertThat(schema.events.told).contains("dropped public.a_id");
        assertThat(schema.exists("a_id")).isFalse();
        assertThat(schema.states()).containsEntry("2", State.PENDING);

        schema.modern().execute("delete from a where ctid = '(0,1)'");
        assertThat(schema.up()).containsExactly("2");
        assertThat(schema.isValid("a_id")).isTrue();
    }

    @Test
    void anInvalidIndexOfACrashedBuildIsDroppedAndBuiltAgain() throws Exception {
        schema.write("V1__a.up", "create table a (id int)")
                .write("V2__u.up", "create index concurrently if not exists a_id on a (id);\nvacuum a");
        schema.runner().up(MigrationVersion.parse("1"));
        leaveInvalidIndex();

        assertThat(schema.up()).containsExactly("2");

        assertThat(schema.events.told).contains("dropped public.a_id");
        assertThat(schema.isValid("a_id")).isTrue();
    }

    @Test
    void whatAFailedReindexLeavesBehindIsDropped() throws Exception {
        schema.write("V1__a.up", "create table a (id int);\ncreate index a_id on a (id)")
                .write("V2__r.up", "reindex table concurrently a");
        schema.runner().up(MigrationVersion.parse("1"));
        schema.modern()
                .execute(
                        "create index a_id_ccnew on a (id)",
                        "update pg_index set indisvalid = false where indexrelid = 'a_id_ccnew'::regclass");

        assertThat(schema.up()).containsExactly("2");

        assertThat(schema.events.told).contains("dropped public.a_id_ccnew");
        assertThat(schema.exists("a_id_ccnew")).isFalse();
        assertThat(schema.isValid("a_id")).isTrue();
    }

    @Test
    void anIndexThatSomebodyElseIsBuildingIsLeftAlone() throws Exception {
        schema.write("V1__a.up", "create table a (id int)");
        schema.up();
        schema.write("V2__i.up", "create index concurrently a_id on a (id)");

        try (OpenTransaction writer = schema.begin("insert into a values (1)");
                ExecutorService thread = Executors.newSingleThreadExecutor()) {
            Future<?> other = thread.submit(() -> schema.modern().execute("create index concurrently a_id on a (id)"));
            try {
                await().until(() -> schema.exists("a_id"));
                assertThatThrownBy(schema::up)
                        .isInstanceOf(RefusedException.class)
                        .hasMessageContaining("Index public.a_id is being built by the session with pid");
            } finally {
                writer.commit();
            }
            other.get();
        }
        assertThat(schema.states()).containsEntry("2", State.PENDING);
        assertThatThrownBy(schema::up).hasMessageContaining("SQLSTATE 42P07");
    }

    @Test
    void aFailedScriptGoesOnAfterItsLastFinishedStatement() {
        schema.write("V1__steps.up", """
                set search_path = app;
                create schema app;
                create table a (id int);
                vacuum a;
                create table b (id nope);
                """);

        assertThatThrownBy(schema::up)
                .isInstanceOf(MigrationFailedException.class)
                .hasMessageContaining("V1__steps.up.sql:5 failed (SQLSTATE 42704)")
                .hasMessageContaining("The first 4 of 5 statements are done and stay.");
        assertThat(schema.states()).containsEntry("1", State.RUNNING);
        assertThat(schema.statementsDone("1")).isEqualTo(4);
        assertThatThrownBy(() -> schema.runner().down(1))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("it is half applied");

        schema.write("V1__steps.up", """
                set search_path = app;
                create schema app;
                create table a (id int);
                vacuum a;
                create table b (id int);
                """);
        schema.events.told.clear();
        assertThat(schema.up()).containsExactly("1");

        assertThat(schema.exists("app.b")).isTrue();
        assertThat(schema.events.told).containsExactly("started V1__steps.up.sql", "statement 5", "applied 1 resumed");
        assertThat(schema.states()).containsEntry("1", State.APPLIED);
        assertThat(schema.up()).isEmpty();
    }

    @Test
    void statementsThatHaveRunMayNotBeChanged() {
        schema.write("V1__steps.up", "create table a ();\nvacuum a;\nselect nope");
        assertThatThrownBy(schema::up).isInstanceOf(MigrationFailedException.class);
        schema.write("V1__steps.up", "create table a (id int);\nvacuum a;\nselect 1");

        assertThatThrownBy(schema::up)
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("its first 2 statements have run and were changed since");
        assertThat(schema.states()).containsEntry("1", State.EDITED);
    }

    @Test
    void aCrashedScriptGoesOnAfterItsLastFinishedStatement() {
        schema.write("V1__steps.up", "create table a ();\nvacuum a;\ncreate table b ()");
        schema.events.onStatement = () -> {
            throw new Crash();
        };
        for (int done = 1; done <= 3; done++) {
            assertThatThrownBy(schema::up).isInstanceOf(Crash.class);
            assertThat(schema.statementsDone("1")).isEqualTo(done);
        }
        schema.events.onStatement = () -> {};

        assertThat(schema.up()).containsExactly("1");
        assertThat(schema.states()).containsEntry("1", State.APPLIED);
        assertThat(schema.exists("b")).isTrue();
    }

    @Test
    void aCrashBetweenABuildAndItsRecordDoesNotBuildTwice() {
        schema.write(
                "V1__steps.up",
                "create table a (id int);\ncreate index concurrently a_id on a (id);\ndrop index concurrently a_id");
        schema.events.onStatement = () -> {
            throw new Crash();
        };
        assertThatThrownBy(schema::up).isInstanceOf(Crash.class);
        schema.modern().execute("create index concurrently a_id on a (id)");
        assertThatThrownBy(schema::up).isInstanceOf(Crash.class);
        assertThat(schema.statementsDone("1")).isEqualTo(2);
        schema.modern().execute("drop index concurrently a_id");
        schema.events.onStatement = () -> {};

        assertThat(schema.up()).containsExactly("1");
        assertThat(schema.states()).containsEntry("1", State.APPLIED);
    }

    @Test
    void anIndexThatWasThereBeforeIsNotTakenForTheMigrations() {
        schema.write("V1__a.up", "create table a (id int, other int);\ncreate index a_id on a (other)")
                .write("V2__i.up", "vacuum a;\ncreate index concurrently a_id on a (id)");

        for (int attempt = 0; attempt < 2; attempt++) {
            assertThatThrownBy(schema::up)
                    .isInstanceOf(MigrationFailedException.class)
                    .hasMessageContaining("SQLSTATE 42P07");
        }
        assertThat(schema.states()).containsEntry("2", State.RUNNING);
        assertThat(schema.isValid("a_id")).isTrue();
    }

    @Test
    void ordinaryStatementsBetweenAreRetriedForLocks() throws Exception {
        schema.write("V1__a.up", "create table a (id int)");
        schema.up();
        schema.write("V2__i.up", "vacuum;\nalter table a add column c int;\ncreate index concurrently a_c on a (c)");

        try (OpenTransaction reader = schema.begin("select * from a")) {
            schema.events.onFirstRetry = reader::commit;
            assertThat(schema.up()).containsExactly("2");
        }
        assertThat(schema.events.told).contains("retried 1");
        assertThat(schema.isValid("a_c")).isTrue();
    }

    @Test
    void aFailedDownGoesOnToo() {
        schema.write("V1__a.up", "create table a ();\ncreate table b ()")
                .write("V1__a.down", "drop table a;\nvacuum;\ndrop table nope");
        schema.up();

        assertThatThrownBy(() -> schema.runner().down(1))
                .isInstanceOf(MigrationFailedException.class)
                .hasMessageContaining("V1__a.down.sql:3")
                .hasMessageContaining("crossfade migrate down");
        assertThat(schema.states()).containsEntry("1", State.REVERTING);
        assertThatThrownBy(schema::up).hasMessageContaining("it is half reverted");

        schema.write("V1__a.down", "drop table a;\nvacuum;\ndrop table b");
        schema.runner().down(1);
        assertThat(schema.states()).containsEntry("1", State.PENDING);
        assertThat(schema.exists("b")).isFalse();
    }

    @Test
    void aDownThatFailsAtItsFirstStatementLeavesTheMigrationApplied() {
        schema.write("V1__a.up", "create table a ()").write("V1__a.down", "drop table nope;\nvacuum");
        schema.up();

        assertThatThrownBy(() -> schema.runner().down(1)).isInstanceOf(MigrationFailedException.class);

        assertThat(schema.states()).containsEntry("1", State.APPLIED);
    }

    /** Leaves the invalid index of a build that is cancelled while it waits for a writer. */
    private void leaveInvalidIndex() throws Exception {
        try (OpenTransaction writer = schema.begin("insert into a values (1)");
                ExecutorService thread = Executors.newSingleThreadExecutor()) {
            Future<?> build = thread.submit(() -> schema.modern().execute("create index concurrently a_id on a (id)"));
            await().until(() -> schema.exists("a_id"));
            schema.modern()
                    .execute(
                            "select pg_cancel_backend(pid) from pg_stat_activity where query like 'create index concurrently%' and datname = current_database()");
            assertThatThrownBy(build::get).hasMessageContaining("canceling statement");
            writer.commit();
        }
        assertThat(schema.isValid("a_id")).isFalse();
    }
}
