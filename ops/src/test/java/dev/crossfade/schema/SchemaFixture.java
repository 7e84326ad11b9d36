package dev.crossfade.schema;

import dev.crossfade.control.ControlSchema;
import dev.crossfade.control.Databases;
import dev.crossfade.model.Side;
import dev.crossfade.schema.DestructionGate.Objection;
import dev.crossfade.schema.MigrationStatus.State;
import dev.crossfade.schema.file.Migration;
import dev.crossfade.schema.file.MigrationDirectory;
import dev.crossfade.schema.file.MigrationScript;
import dev.crossfade.sql.SqlStatement;
import dev.crossfade.testing.TestDatabase;
import dev.crossfade.testing.TestDatabases;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A directory of migrations and its databases, in one of the two topologies. */
final class SchemaFixture implements AutoCloseable {

    enum Topology {
        ONE_DATABASE,
        TWO_DATABASES
    }

    private final Path path;
    private final TestDatabase legacy;
    private final TestDatabase modern;
    private final Databases databases;

    final Map<String, String> closedGates = new LinkedHashMap<>();
    final Events events = new Events();
    SchemaSettings settings = SchemaSettings.DEFAULTS
            .withLockTimeout(Duration.ofMillis(200))
            .withLockAttempts(50, Duration.ofMillis(20))
            .withRunnerWait(Duration.ofSeconds(30));

    SchemaFixture(Path path, Topology topology) {
        this.path = path;
        this.legacy = TestDatabases.create();
        this.modern = topology == Topology.ONE_DATABASE ? legacy : TestDatabases.create();
        this.databases = topology == Topology.ONE_DATABASE
                ? legacy.databases()
                : new Databases(legacy.dataSource(), modern.dataSource());
        ControlSchema.install(databases);
    }

    /** Writes a migration file; {@code name} is for example {@code V1__add.up}. */
    SchemaFixture write(String name, String sql) {
        try {
            Files.writeString(path.resolve(name + ".sql"), sql);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void remove(String name) {
        try {
            Files.delete(path.resolve(name + ".sql"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    SchemaRunner runner() {
        return new SchemaRunner(
                databases,
                MigrationDirectory.read(path),
                (act, entities, session) -> entities.stream()
                        .filter(closedGates::containsKey)
                        .map(entity -> new Objection(entity, "closed", closedGates.get(entity), false))
                        .toList(),
                settings,
                events);
    }

    List<String> up() {
        return versions(runner().up());
    }

    static List<String> versions(List<MigrationRun> runs) {
        return runs.stream().map(run -> run.migration().version().toString()).toList();
    }

    Map<String, State> states() {
        return runner().status().stream()
                .collect(Collectors.toMap(
                        status -> status.version().toString(),
                        MigrationStatus::state,
                        (one, other) -> one,
                        LinkedHashMap::new));
    }

    TestDatabase on(Side side) {
        return side == Side.LEGACY ? legacy : modern;
    }

    /** The database of the modern side, where migrations run unless they say otherwise. */
    TestDatabase modern() {
        return modern;
    }

    boolean exists(Side side, String relation) {
        return on(side).dsl()
                .fetchSingle("select to_regclass(?) is not null", relation)
                .get(0, boolean.class);
    }

    boolean exists(String relation) {
        return exists(Side.MODERN, relation);
    }

    /** Tells whether an index is valid; fails if it does not exist. */
    boolean isValid(String index) {
        return modern.dsl()
                .fetchSingle("select indisvalid from pg_index where indexrelid = to_regclass(?)", index)
                .get(0, boolean.class);
    }

    int statementsDone(String version) {
        return modern.dsl()
                .fetchSingle("select statements_done from crossfade.schema_migrations where version = ?", version)
                .get(0, int.class);
    }

    /** Opens a transaction on the modern side and leaves it open. */
    OpenTransaction begin(String sql) throws SQLException {
        OpenTransaction transaction = new OpenTransaction(modern.dataSource().getConnection());
        transaction.run(sql);
        return transaction;
    }

    /** A session that holds locks until it is told to commit. */
    record OpenTransaction(Connection connection) implements AutoCloseable {

        private void run(String sql) throws SQLException {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
            }
        }

        void commit() {
            try {
                connection.commit();
            } catch (SQLException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void close() throws SQLException {
            connection.close();
        }
    }

    @Override
    public void close() {
        try (legacy) {
            if (modern != legacy) {
                modern.close();
            }
        }
    }

    /** Records the runner's events as short texts; runs an action at the first retry. */
    static final class Events implements SchemaListener {

        final List<String> told = new ArrayList<>();
        final List<String> heldBack = new ArrayList<>();
        Runnable onFirstRetry = () -> {};
        Runnable onStatement = () -> {};

        @Override
        public void runnerAwaited(String holder) {
            told.add("awaited " + holder);
        }

        @Override
        public void contractionHeldBack(Migration migration, List<Objection> objections) {
            objections.forEach(one -> heldBack.add(migration + ": " + one.entity()));
        }

        @Override
        public void migrationStarted(Migration migration, MigrationScript script) {
            told.add("started " + script.name());
        }

        @Override
        public void statementApplied(Migration migration, SqlStatement statement, int done) {
            told.add("statement " + done);
            onStatement.run();
        }

        @Override
        public void lockRetried(Migration migration, int attempt, Duration pause) {
            told.add("retried " + attempt);
            if (attempt == 1) {
                onFirstRetry.run();
            }
        }

        @Override
        public void invalidIndexDropped(Migration migration, String index) {
            told.add("dropped " + index);
        }

        @Override
        public void migrationApplied(MigrationRun run) {
            told.add("applied " + run.migration().version() + (run.resumed() ? " resumed" : ""));
        }

        @Override
        public void migrationReverted(MigrationRun run) {
            told.add("reverted " + run.migration().version());
        }
    }
}
