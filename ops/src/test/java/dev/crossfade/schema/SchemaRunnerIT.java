package dev.crossfade.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.model.InvalidInputException;
import dev.crossfade.model.RefusedException;
import dev.crossfade.model.Side;
import dev.crossfade.schema.MigrationStatus.State;
import dev.crossfade.schema.SchemaFixture.OpenTransaction;
import dev.crossfade.schema.SchemaFixture.Topology;
import dev.crossfade.schema.file.MigrationDirectory;
import dev.crossfade.schema.file.MigrationVersion;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Order, history, refusals, locks and the way back, for scripts that run in one transaction. */
@Timeout(120)
class SchemaRunnerIT {

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

    @ParameterizedTest
    @EnumSource
    void everySideIsMigratedInTheOrderOfVersions(Topology topology) {
        try (SchemaFixture fixture = new SchemaFixture(path, topology)) {
            fixture.write("V10__fill.up", "insert into accounts select 1; analyze accounts")
                    .write("V2__accounts.up", "create table accounts (id bigint)")
                    .write("V3__users.up", "-- crossfade: side=legacy\ncreate table users (id bigint)");

            assertThat(fixture.up()).containsExactly("2", "3", "10");
            assertThat(fixture.up()).isEmpty();

            assertThat(fixture.exists(Side.LEGACY, "users")).isTrue();
            assertThat(fixture.exists(Side.MODERN, "accounts")).isTrue();
            assertThat(fixture.exists(Side.LEGACY, "accounts")).isEqualTo(topology == Topology.ONE_DATABASE);
            assertThat(fixture.runner().status()).allSatisfy(status -> {
                assertThat(status.state()).isEqualTo(State.APPLIED);
                assertThat(status.executedAt()).isPresent();
                assertThat(status.duration()).isPresent();
            });
            assertThat(fixture.runner().status())
                    .extracting(MigrationStatus::side)
                    .containsExactly(Side.MODERN, Side.LEGACY, Side.MODERN);
            assertThat(fixture.events.told)
                    .containsExactly(
                            "started V2__accounts.up.sql",
                            "statement 1",
                            "applied 2",
                            "started V3__users.up.sql",
                            "statement 1",
                            "applied 3",
                            "started V10__fill.up.sql",
                            "statement 1",
                            "statement 2",
                            "applied 10");
        }
    }

    @Test
    void onlyWhatIsNotAboveTheTargetIsApplied() {
        schema.write("V1__a.up", "create table a ()")
                .write("V2__b.up", "create table b ()")
                .write("V3__c.up", "create table c ()");

        assertThat(SchemaFixture.versions(schema.runner().up(MigrationVersion.parse("02"))))
                .containsExactly("1", "2");
        assertThat(schema.states())
                .containsExactly(
                        Map.entry("1", State.APPLIED), Map.entry("2", State.APPLIED), Map.entry("3", State.PENDING));
        assertThatThrownBy(() -> schema.runner().up(MigrationVersion.parse("4")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("There is no migration of version 4");
    }

    @Test
    void aFailedMigrationLeavesNothingAndSaysWhere() {
        schema.write("V1__good.up", "create table good ()")
                .write("V2__bad.up", "create table half ();\n\nselect 1,\n  nope\n  from good");

        assertThatThrownBy(schema::up)
                .isInstanceOfSatisfying(MigrationFailedException.class, failure -> {
                    assertThat(failure.sqlState()).isEqualTo("42703");
                    assertThat(failure.line()).isEqualTo(4);
                    assertThat(failure.file()).isEqualTo(path.resolve("V2__bad.up.sql"));
                })
                .hasMessageContaining("V2__bad.up.sql:4 failed (SQLSTATE 42703): column \"nope\" does not exist.")
                .hasMessageContaining("Nothing of this file was kept.");

        assertThat(schema.exists("good")).isTrue();
        assertThat(schema.exists("half")).isFalse();
        assertThat(schema.states()).containsExactly(Map.entry("1", State.APPLIED), Map.entry("2", State.PENDING));
        schema.write("V2__bad.up", "create table half ()");
        assertThat(schema.up()).containsExactly("2");
    }

    @Test
    void aDeferredConstraintThatFailsTheCommitLeavesNothing() {
        schema.write("V1__a.up", "create table a (id int unique deferrable initially deferred)")
                .write("V2__twice.up", "insert into a values (1);\ninsert into a values (1)");

        assertThatThrownBy(schema::up)
                .isInstanceOf(MigrationFailedException.class)
                .hasMessageContaining("SQLSTATE 23505");
        assertThat(schema.states()).containsEntry("2", State.PENDING);
    }

    @Test
    void bodiesWithSemicolonsRunWhole() {
        schema.write("V1__bodies.up", """
                create table t (id int);
                create function one() returns int begin atomic select 1; select 2; end;
                create rule r as on delete to t do also (insert into t values (1); insert into t values (2));
                do $$ begin insert into t values (one()); end $$;
                create function q(x jsonb) returns boolean language sql as $f$ select x ? 'a'; $f$;
                """);

        schema.up();

        assertThat(schema.modern().dsl().fetchValue("select id from t")).isEqualTo(2);
        assertThat(schema.modern().dsl().fetchValue("select q(jsonb_build_object('a', 1))"))
                .isEqualTo(true);
    }

    @Test
    void whatDoesNotContinueTheHistoryIsRefusedWithAllFindings() {
        schema.write("V1__a.up", "create table a ()")
                .write("V2__b.up", "create table b ()")
                .write("V4__d.up", "create table d ()");
        schema.up();
        schema.write("V1__a.up", "create table a (id int)")
                .write("V3__c.up", "create table c ()")
                .write("V5__e.up", "create table e ()");
        schema.remove("V2__b.up");

        assertThatThrownBy(schema::up)
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("3 problems")
                .hasMessageContaining("V1__a.up.sql: it was changed after it had been applied")
                .hasMessageContaining("version 2 (b): it was applied, and its file is gone")
                .hasMessageContaining("V3__c.up.sql: it is not applied, and the higher version 4 is");
        assertThat(schema.states())
                .containsExactly(
                        Map.entry("1", State.EDITED),
                        Map.entry("2", State.MISSING_FILE),
                        Map.entry("3", State.OUT_OF_ORDER),
                        Map.entry("4", State.APPLIED),
                        Map.entry("5", State.PENDING));
        assertThat(schema.exists("e")).isFalse();
    }

    @Test
    void contractMigrationsWaitForTheirGates() {
        schema.write("V1__a.up", "create table a ()")
                .write("V2__drop.up", "-- crossfade: phase=contract\n-- crossfade: entity=user,order\ndrop table a")
                .write("V3__more.up", "-- crossfade: phase=contract\n-- crossfade: entity=cart\ncreate table b ()");
        schema.closedGates.put("user", "It is at shadow-read. Advance it.");
        schema.closedGates.put("cart", "It is at dual-write. Advance it.");

        assertThatThrownBy(() -> schema.runner().up(MigrationVersion.parse("3")))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("V2__drop.up.sql, entity user: It is at shadow-read. Advance it.")
                .hasMessageContaining("V3__more.up.sql, entity cart: It is at dual-write.")
                .hasMessageContaining("crossfade migrate up --to 1")
                .hasMessageNotContaining("entity order");
        assertThat(schema.states()).containsEntry("1", State.PENDING);

        assertThat(schema.up()).as("what comes before").containsExactly("1");
        assertThat(schema.events.heldBack).containsExactly("2 (drop): user");
        assertThatThrownBy(schema::up)
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("V2__drop.up.sql, entity user: It is at shadow-read. Advance it.");
        schema.closedGates.clear();
        assertThat(schema.up()).containsExactly("2", "3");
    }

    @Test
    void manyRunnersAtOnceApplyEveryMigrationOnce() throws Exception {
        for (int version = 1; version <= 5; version++) {
            schema.write("V" + version + "__t.up", "create table t" + version + " ()");
        }
        List<Callable<List<String>>> runs = Stream.<Callable<List<String>>>generate(() -> () -> {
                    SchemaRunner runner = new SchemaRunner(
                            schema.modern().databases(),
                            MigrationDirectory.read(path),
                            DestructionGate.unguarded(),
                            schema.settings,
                            SchemaListener.silent());
                    return SchemaFixture.versions(runner.up());
                })
                .limit(4)
                .toList();

        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<String> applied = threads.invokeAll(runs).stream()
                    .map(SchemaRunnerIT::result)
                    .flatMap(List::stream)
                    .toList();
            assertThat(applied).containsExactly("1", "2", "3", "4", "5");
        }
    }

    @Test
    void aRunnerThatWaitsTooLongNamesTheOneAtWork() throws Exception {
        schema.write("V1__a.up", "create table a ()");
        schema.settings = schema.settings.withRunnerWait(Duration.ofMillis(300));

        try (RunnerLock lock =
                RunnerLock.acquire(schema.modern().dataSource(), Duration.ofSeconds(5), SchemaListener.silent())) {
            lock.requireHeld();
            int pid = schema.modern()
                    .dsl()
                    .fetchSingle(
                            "select pid from pg_stat_activity where application_name = 'crossfade migrate' and datname = current_database()")
                    .get(0, int.class);
            assertThatThrownBy(schema::up)
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("pid " + pid + " (crossfade migrate");
            assertThat(schema.events.told).singleElement().asString().startsWith("awaited pid " + pid);
        }
        assertThat(schema.up()).containsExactly("1");
    }

    @Test
    void aLockThatIsNotGrantedInTimeIsTriedAgainFromTheStart() throws Exception {
        schema.write("V1__a.up", "create table a (id int)")
                .write("V2__b.up", "create table b (id int);\nalter table a add column c int");
        schema.runner().up(MigrationVersion.parse("1"));
        schema.events.told.clear();

        try (OpenTransaction reader = schema.begin("select * from a")) {
            schema.events.onFirstRetry = reader::commit;
            assertThat(schema.up()).containsExactly("2");
        }

        assertThat(schema.events.told)
                .containsExactly(
                        "started V2__b.up.sql", "statement 1", "retried 1", "statement 1", "statement 2", "applied 2");
    }

    @Test
    void aLockThatIsNeverGrantedIsGivenUpAndItsHolderNamed() throws Exception {
        schema.write("V1__a.up", "create table a (id int)")
                .write("V2__b.up", "create table b ();\nalter table a add column c int");
        schema.runner().up(MigrationVersion.parse("1"));
        schema.settings = schema.settings.withLockAttempts(2, Duration.ofMillis(10));

        try (OpenTransaction reader = schema.begin("set local application_name = 'a report'; select * from a")) {
            assertThat(reader.connection().isClosed()).isFalse();
            assertThatThrownBy(schema::up)
                    .isInstanceOf(MigrationFailedException.class)
                    .hasMessageContaining("V2__b.up.sql:2 failed (SQLSTATE 55P03)")
                    .hasMessageContaining("No lock within 200 ms, 2 times")
                    .hasMessageContaining("(a report)");
        }
        assertThat(schema.exists("b")).isFalse();
        assertThat(schema.states()).containsEntry("2", State.PENDING);
    }

    @Test
    void otherErrorsAreNotTriedAgain() {
        schema.write("V1__a.up", "do $$ begin raise exception 'no' using errcode = '40001'; end $$");

        assertThatThrownBy(schema::up).isInstanceOf(MigrationFailedException.class);
        assertThat(schema.events.told).containsExactly("started V1__a.up.sql");
    }

    @Test
    void whatAScriptSetsEndsWithIt() {
        schema.modern().execute("create role app_owner", "grant all on schema public to app_owner");
        try {
            schema.write("V1__a.up", """
                    set search_path = '';
                    set lock_timeout = '1h';
                    set role app_owner;
                    create table public.a ();
                    """)
                    .write("V2__b.up", "create table b ();\nvacuum b;\nset role app_owner;\ncreate table c ()");

            assertThat(schema.up()).containsExactly("1", "2");

            assertThat(schema.modern().dsl().fetchValue("select tableowner from pg_tables where tablename = 'c'"))
                    .isEqualTo("app_owner");
            assertThat(schema.modern().dsl().fetchValue("select tableowner from pg_tables where tablename = 'b'"))
                    .isEqualTo(schema.modern().user());
            for (int i = 0; i < 5; i++) {
                assertThat(
                                schema.modern()
                                        .dsl()
                                        .fetchValue(
                                                "select current_user || current_setting('search_path') || current_setting('lock_timeout')"))
                        .isEqualTo(schema.modern().user() + "\"$user\", public0");
            }
        } finally {
            schema.modern().execute("drop owned by app_owner", "drop role app_owner");
        }
    }

    @ParameterizedTest
    @EnumSource
    void downRunsTheDownFilesFromTheHighestVersion(Topology topology) {
        try (SchemaFixture fixture = new SchemaFixture(path, topology)) {
            fixture.write("V1__a.up", "create table a ()")
                    .write("V1__a.down", "drop table a")
                    .write("V2__b.up", "-- crossfade: side=legacy\ncreate table b ()")
                    .write("V2__b.down", "drop table b")
                    .write("V3__c.up", "create table c ()")
                    .write("V3__c.down", "vacuum;\ndrop table c");
            fixture.up();

            assertThat(SchemaFixture.versions(fixture.runner().down(1))).containsExactly("3");
            assertThat(fixture.exists("c")).isFalse();
            assertThat(fixture.states()).containsEntry("3", State.PENDING).containsEntry("2", State.APPLIED);
            assertThat(fixture.up()).containsExactly("3");

            assertThat(SchemaFixture.versions(fixture.runner().downTo(MigrationVersion.parse("1"))))
                    .containsExactly("3", "2");
            assertThat(fixture.exists(Side.LEGACY, "b")).isFalse();
            assertThat(SchemaFixture.versions(fixture.runner().downTo(MigrationVersion.parse("0"))))
                    .containsExactly("1");
            assertThat(fixture.states().values()).containsOnly(State.PENDING);
        }
    }

    @Test
    void downRefusesBeforeAnythingRuns() {
        schema.write("V1__a.up", "create table a ()")
                .write("V2__b.up", "create table b ()")
                .write("V2__b.down", "drop table b")
                .write("V3__c.up", "create table c ()");
        schema.up();

        assertThatThrownBy(() -> schema.runner().down(3))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("2 problems")
                .hasMessageContaining("version 3 (c): it has no down file. Write V3__c.down.sql")
                .hasMessageContaining("version 1 (a): it has no down file");
        assertThatThrownBy(() -> schema.runner().down(4))
                .hasMessageContaining("4 migrations are to be reverted, and 3 are applied");
        assertThatThrownBy(() -> schema.runner().down(0)).isInstanceOf(InvalidInputException.class);
        assertThat(schema.states().values()).containsOnly(State.APPLIED);
        assertThat(schema.exists("b")).isTrue();
    }

    private static <T> T result(Future<T> future) {
        try {
            return future.get();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
