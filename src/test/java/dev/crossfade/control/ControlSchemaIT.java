package dev.crossfade.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.jooq.impl.DSL.condition;
import static org.jooq.impl.DSL.table;

import com.zaxxer.hikari.HikariConfig;
import dev.crossfade.model.UnavailableException;
import dev.crossfade.testing.OwnThread;
import dev.crossfade.testing.TestDatabase;
import dev.crossfade.testing.TestDatabases;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jooq.Result;
import org.jooq.tools.jdbc.SingleConnectionDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;
import org.postgresql.ds.PGSimpleDataSource;

class ControlSchemaIT {

    private static final int PROCESSES = 10;

    @Test
    void manyProcessesMayStartAtOnce() throws Exception {
        try (TestDatabase database = TestDatabases.create();
                ExecutorService processes = Executors.newFixedThreadPool(PROCESSES)) {
            CyclicBarrier start = new CyclicBarrier(PROCESSES);
            List<Future<?>> installs = new ArrayList<>();
            for (int i = 0; i < PROCESSES; i++) {
                installs.add(processes.submit(() -> {
                    start.await();
                    ControlSchema.install(database.databases());
                    return null;
                }));
            }
            for (Future<?> install : installs) {
                install.get();
            }

            assertThat(tables(database)).contains("authority", "intent", "flag", "instance", "missed_write");
            assertThat(database.dsl().fetchValue("select count(*) from crossfade.control_version"))
                    .isEqualTo(2L);
        }
    }

    @Test
    void aSecondRunChangesNothing() {
        try (TestDatabase database = TestDatabases.create()) {
            ControlSchema.install(database.databases());
            Result<?> before = state(database);
            ControlSchema.install(database.databases());

            assertThat(state(database)).isEqualTo(before);
        }
    }

    @Test
    void aUserWithoutTheRightToCreateNeedsItOnceOnly() {
        try (TestDatabase database = TestDatabases.create()) {
            String role = "clerk_" + database.name();
            database.execute(
                    "create role %s login password 'clerk'".formatted(role),
                    "revoke create on database %s from public".formatted(database.name()));
            try {
                Databases clerk = databases(database, pool -> {
                    pool.setUsername(role);
                    pool.setPassword("clerk");
                });
                assertThatThrownBy(() -> ControlSchema.install(clerk))
                        .isInstanceOf(UnavailableException.class)
                        .hasMessageContaining("CREATE on the database")
                        .hasMessageContaining("permission denied")
                        .hasMessageNotContaining("'clerk'");
                assertThat(tables(database)).isEmpty();

                ControlSchema.install(database.databases());
                database.execute("""
                        grant usage on schema crossfade to %1$s;
                        grant select on all tables in schema crossfade to %1$s
                        """.formatted(role));
                ControlSchema.install(clerk);
            } finally {
                database.execute("drop owned by " + role, "drop role " + role);
            }
        }
    }

    @Test
    void aRefusedLoginIsToldFromAServerThatIsNotThere() {
        try (TestDatabase database = TestDatabases.create()) {
            PGSimpleDataSource refused = new PGSimpleDataSource();
            refused.setUrl(database.url());
            refused.setUser("nobody_" + database.name());
            refused.setPassword("secret-of-mine");
            assertThatThrownBy(() -> ControlSchema.install(Databases.shared(refused)))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageContaining("refused the login")
                    .hasMessageNotContaining("secret-of-mine");

            PGSimpleDataSource absent = new PGSimpleDataSource();
            absent.setUrl("jdbc:postgresql://localhost:1/nothing");
            assertThatThrownBy(() -> ControlSchema.install(Databases.shared(absent)))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageContaining("cannot be reached")
                    .hasMessageContaining("Check host, port");
        }
    }

    @Test
    void aDatabaseThatDoesNotExistIsNamed() {
        try (TestDatabase database = TestDatabases.create()) {
            PGSimpleDataSource missing = new PGSimpleDataSource();
            missing.setUrl(database.url().replace(database.name(), database.name() + "x"));
            missing.setUser(database.user());
            missing.setPassword(database.password());

            assertThatThrownBy(() -> ControlSchema.install(Databases.shared(missing)))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageContaining("does not exist")
                    .hasMessageContaining(database.name() + "x");
        }
    }

    @Test
    void ofTwoDatabasesOneHoldsTheControlTables() {
        try (TestDatabases.Pair pair = TestDatabases.createPair()) {
            ControlSchema.install(pair.databases());

            assertThat(tables(pair.legacy())).contains("authority", "intent", "flag", "instance", "backfill");
            assertThat(tables(pair.modern()))
                    .containsExactlyInAnyOrder(
                            "authority",
                            "control_version",
                            "decided_epoch",
                            "identity",
                            "intent",
                            "mirrored",
                            "schema_migrations",
                            "sweep_request",
                            "witness");
        }
    }

    /** Otherwise writers would queue behind the upgrade, and the upgrade behind the longest transaction. */
    @Test
    void anUpgradeThatHasToWaitLetsWritersPass() throws Exception {
        try (TestDatabase database = TestDatabases.create();
                TestDatabase.Session longest = database.session()) {
            ControlSchema.install(database.databases());
            database.execute("""
                    drop table crossfade.sweep_request;
                    drop function crossfade.captures, crossfade.sees_to_mirror, crossfade.server_identity;
                    drop sequence crossfade.traced_row;
                    drop table crossfade.decided_epoch, crossfade.identity, crossfade.witness, crossfade.mirrored;
                    alter table crossfade.intent drop column timeline, drop column noted_by;
                    alter table crossfade.authority drop column decided, drop column frozen,
                        drop column mapping, drop column mapping_changed_at;
                    update crossfade.control_version set version = 2 where part = 'SIDE'
                    """);
            longest.execute("begin; insert into crossfade.intent (entity, key) values ('user', array['1'])");

            CompletableFuture<Void> upgrade =
                    CompletableFuture.runAsync(() -> ControlSchema.install(database.databases()), OwnThread.EACH);
            await().until(() -> database.dsl()
                            .fetchCount(
                                    table("pg_stat_activity"),
                                    condition("datname = current_database() and wait_event_type = 'Lock'"))
                    > 0);
            database.execute(
                    "set lock_timeout = '20s'",
                    "insert into crossfade.intent (entity, key) values ('user', array['2'])",
                    "reset lock_timeout");
            assertThat(upgrade).isNotDone();
            longest.execute("commit");

            upgrade.get(30, TimeUnit.SECONDS);
            assertThat(tables(database)).contains("sweep_request");
        }
    }

    @Test
    void aPoolThatDoesNotCommitByItselfServesAsWell() {
        try (TestDatabase database = TestDatabases.create()) {
            Databases databases = databases(database, pool -> pool.setAutoCommit(false));
            ControlSchema.install(databases);
            AuthorityTable.register(databases.controlDsl(), "user");

            assertThat(AuthorityTable.all(database.databases().controlDsl())).containsOnlyKeys("user");
        }
    }

    /**
     * Not every pool resets the auto-commit of a returned connection; the service's transactions would then commit
     * each statement.
     */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aConnectionIsGivenBackAsItCame(boolean autoCommit) throws SQLException {
        try (TestDatabase database = TestDatabases.create();
                Connection pooled = database.dataSource().getConnection()) {
            pooled.setAutoCommit(autoCommit);
            Databases databases = Databases.shared(new SingleConnectionDataSource(pooled));

            try (Connection taken = databases.control().getConnection();
                    Statement statement = taken.createStatement()) {
                statement.execute("create table written (id int)");
                assertThat(taken.getAutoCommit()).isTrue();
                assertThat(taken.unwrap(PGConnection.class)).isSameAs(pooled.unwrap(PGConnection.class));
            }

            assertThat(pooled.getAutoCommit()).isEqualTo(autoCommit);
            pooled.setAutoCommit(true);
            assertThat(database.dsl().fetchCount(table("written"))).isZero();
        }
    }

    private static Databases databases(TestDatabase database, Consumer<HikariConfig> settings) {
        return Databases.shared(database.newDataSource(pool -> {
            pool.setInitializationFailTimeout(-1);
            pool.setConnectionTimeout(2000);
            settings.accept(pool);
        }));
    }

    private static List<String> tables(TestDatabase database) {
        return database.dsl()
                .fetch("select tablename from pg_tables where schemaname = 'crossfade'")
                .map(row -> row.get(0, String.class));
    }

    /** Every object of the schema with the transaction that last changed it. */
    private static Result<?> state(TestDatabase database) {
        return database.dsl().fetch("""
                select c.oid::bigint as id, c.relname::text as name, c.xmin::text as changed
                from pg_class c where c.relnamespace = 'crossfade'::regnamespace
                union all
                select p.oid::bigint, p.proname::text, p.xmin::text from pg_proc p
                where p.pronamespace = 'crossfade'::regnamespace
                union all
                select v.version, v.part, v.xmin::text from crossfade.control_version v
                order by 1, 2
                """);
    }
}
