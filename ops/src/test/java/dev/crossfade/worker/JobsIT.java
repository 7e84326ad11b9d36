package dev.crossfade.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.crossfade.control.Databases;
import dev.crossfade.queue.Intents;
import dev.crossfade.reconcile.Drain;
import dev.crossfade.reconcile.ReconcileListener;
import dev.crossfade.reconcile.Reconciler;
import dev.crossfade.testing.OwnThread;
import dev.crossfade.testing.TestDatabase;
import dev.crossfade.testing.TestDatabases;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The jobs in the control schema: shared, taken over, tidied up. */
class JobsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void twoWorkersDoEachJobOnceAndLeaveNoneTaken() {
        try (Sides sides = Sides.create(true)) {
            Worker one = sides.worker(Sides.AT_ONCE);
            Worker other = sides.worker(Sides.AT_ONCE);
            List<CompletableFuture<Void>> runs = List.of(
                    CompletableFuture.runAsync(one::run, OwnThread.EACH),
                    CompletableFuture.runAsync(other::run, OwnThread.EACH));
            sides.write(
                    "user",
                    "insert into legacy.users select i, 'u' || i from generate_series(1, 1500) as i",
                    IntStream.rangeClosed(1, 1500).toArray());
            sides.write("pet", "insert into legacy.pets values (7, 1), (8, 1500)", 7, 8);

            await().atMost(PATIENCE).until(() -> sides.pets().size() == 2);
            await().atMost(PATIENCE)
                    .until(() -> sides.legacy()
                            .dsl()
                            .fetchValue("select count(*) from crossfade.scheduled_tasks where last_success is not null")
                            .equals(6L));
            one.stop();
            other.stop();

            assertThat(runs).allSatisfy(run -> assertThat(run).succeedsWithin(Duration.ofSeconds(30)));
            assertThat(sides.accounts()).hasSize(1500);
            assertThat(sides.legacy()
                            .dsl()
                            .fetch("select task_name from crossfade.scheduled_tasks where not picked order by 1")
                            .getValues(0, String.class))
                    .containsExactly(
                            "drain pet",
                            "drain user",
                            "fleet instances",
                            "retention history",
                            "sweep pet",
                            "sweep user");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aBacklogIsWorkedOffWithoutARestBetweenItsBatches(boolean twoDatabases) {
        try (Sides sides = Sides.create(twoDatabases)) {
            sides.write(
                    "user",
                    "insert into legacy.users select i, 'u' || i from generate_series(1, 3500) as i",
                    IntStream.rangeClosed(1, 3500).toArray());
            Worker worker = sides.worker(Sides.draining(Duration.ofMinutes(10), Duration.ZERO));
            CompletableFuture<Void> run = CompletableFuture.runAsync(worker::run, OwnThread.EACH);

            await().atMost(PATIENCE).until(() -> Intents.count(sides.legacy().dsl(), "user") == 0);
            worker.stop();

            assertThat(run).succeedsWithin(Duration.ofSeconds(30));
            assertThat(sides.accounts()).hasSize(3500);
        }
    }

    /** What a worker leaves in the table when it is killed during a job. */
    @Test
    void aJobWhoseWorkerHasDiedIsTakenOver() {
        try (Sides sides = Sides.create(false)) {
            sides.worker(Sides.AT_ONCE).drain();
            sides.legacy().execute("""
                    insert into crossfade.scheduled_tasks
                        (task_name, task_instance, execution_time, picked, picked_by, last_heartbeat, version)
                    values ('drain user', 'recurring', now(), true, 'someone who died', now(), 1)
                    """);
            sides.write("user", "insert into legacy.users values (1, 'ada')", 1);
            Worker worker = sides.worker(Sides.AT_ONCE);
            CompletableFuture<Void> run = CompletableFuture.runAsync(worker::run, OwnThread.EACH);

            await().atMost(PATIENCE).until(() -> sides.accounts().equals(List.of("1 ADA")));
            worker.stop();

            assertThat(run).succeedsWithin(Duration.ofSeconds(30));
        }
    }

    @Test
    void aRestThatAnotherWorkerChoseIsNotWaitedFor() {
        try (Sides sides = Sides.create(false)) {
            sides.legacy()
                    .execute(
                            "insert into crossfade.scheduled_tasks (task_name, task_instance, execution_time, picked, version)"
                                    + " values ('drain user', 'recurring', now() + interval '1 day', false, 1)");
            sides.write("user", "insert into legacy.users values (1, 'ada')", 1);
            Worker worker = sides.worker(Sides.AT_ONCE);
            CompletableFuture<Void> run = CompletableFuture.runAsync(worker::run, OwnThread.EACH);

            await().atMost(PATIENCE).until(() -> sides.accounts().equals(List.of("1 ADA")));
            worker.stop();

            assertThat(run).succeedsWithin(Duration.ofSeconds(30));
        }
    }

    /** Most of its rows would only wait for their parents. */
    @Test
    void anEntityHoldsBackWhileABatchOfItsParentWaitsButNotForEver() {
        try (Sides sides = Sides.create(true)) {
            sides.write(
                    "user",
                    "insert into legacy.users select i, 'u' || i from generate_series(1, %d) as i"
                            .formatted(Drain.BATCH),
                    IntStream.rangeClosed(1, Drain.BATCH).toArray());
            sides.modern().execute("insert into modern.accounts values (1, 'U1')");
            sides.write("pet", "insert into legacy.pets values (7, 1)", 7);
            Drain drain = new Drain(sides.databases(), new Reconciler(sides.databases(), ReconcileListener.NONE));
            DrainJob pets = new DrainJob(sides.databases(), Sides.MAPPINGS.get(1), drain, Sides.AT_ONCE.draining());

            pets.run(() -> false);

            assertThat(Intents.count(sides.legacy().dsl(), "pet")).isEqualTo(1);
            await().atMost(PATIENCE).until(() -> {
                pets.run(() -> false);
                return sides.pets().equals(List.of("7 1"));
            });
        }
    }

    @Test
    void whatIsDueGoesByTheDatabasesClock() {
        try (TestDatabase database = TestDatabases.create()) {
            database.execute("create schema fake", """
                    create function fake.clock_timestamp() returns timestamptz language sql
                    as $$ select pg_catalog.clock_timestamp() + interval '1 hour' $$
                    """);
            DatabaseClock clock = new DatabaseClock();

            clock.adjust(Databases.dsl(database.newDataSource(
                    pool -> pool.setConnectionInitSql("set search_path = fake, pg_catalog, public"))));

            assertThat(clock.now())
                    .isBetween(
                            Instant.now().plus(Duration.ofMinutes(59)),
                            Instant.now().plus(Duration.ofMinutes(61)));
        }
    }

    @Test
    void whatIsTooOldOrTooMuchIsDeletedButNeverTheLast() {
        try (Sides sides = Sides.create(false)) {
            sides.legacy().execute("""
                    insert into crossfade.verification (entity, state, started_at, finished_at)
                        select 'user', 'FINISHED', now() - i * interval '1 hour', now() - i * interval '1 hour'
                        from generate_series(150, 1, -1) as i;
                    insert into crossfade.verification (entity, state, started_at, finished_at)
                        select 'pet', 'FINISHED', now() - i * interval '50 days', now() - i * interval '50 days'
                        from generate_series(3, 1, -1) as i;
                    insert into crossfade.difference
                        select id, array['1'], 'missing', array[]::text[] from crossfade.verification;
                    insert into crossfade.sweep_cycle (entity, requests, started_at, finished_at)
                        select 'user', 0, now() - i * interval '20 days', now() - i * interval '20 days'
                        from generate_series(3, 0, -1) as i;
                    insert into crossfade.shadow_tally (entity, instance, bucket)
                        values ('user', gen_random_uuid(), now() - interval '31 days'), ('user', gen_random_uuid(), now());
                    insert into crossfade.shadow_mismatch (entity, aa, read, key, fields, legacy, modern, last_seen_at)
                        values ('user', false, 'find', array['1'], '{}', '{}', '{}', now() - interval '31 days'),
                               ('user', false, 'find', array['2'], '{}', '{}', '{}', now());
                    insert into crossfade.stage_change
                            (entity, from_stage, to_stage, epoch, changed_at, changed_by, forced, gates)
                        values ('user', 'LEGACY_ONLY', 'DUAL_WRITE', 1, now() - interval '9 years', 'test', false, '[]');
                    """);

            sides.worker(Sides.AT_ONCE).drain();

            assertThat(counts(sides))
                    .containsExactly(
                            "100 verifications of user",
                            "1 verifications of pet",
                            "101 differences",
                            "2 passes",
                            "1 tallies",
                            "1 mismatches",
                            "1 stage changes");
        }
    }

    private static List<String> counts(Sides sides) {
        return sides.legacy().dsl().fetch("""
                select (select count(*) from crossfade.verification where entity = 'user') || ' verifications of user'
                union all select (select count(*) from crossfade.verification where entity = 'pet') || ' verifications of pet'
                union all select (select count(*) from crossfade.difference) || ' differences'
                union all select (select count(*) from crossfade.sweep_cycle) || ' passes'
                union all select (select count(*) from crossfade.shadow_tally) || ' tallies'
                union all select (select count(*) from crossfade.shadow_mismatch) || ' mismatches'
                union all select (select count(*) from crossfade.stage_change) || ' stage changes'
                """).getValues(0, String.class);
    }
}
