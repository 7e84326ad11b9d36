package dev.crossfade.worker;

import dev.crossfade.control.AuthorityTable;
import dev.crossfade.control.AuthorityTable.Standing;
import dev.crossfade.control.ControlSchema;
import dev.crossfade.control.Databases;
import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Stage;
import dev.crossfade.testing.Notes;
import dev.crossfade.testing.TestDatabase;
import dev.crossfade.testing.TestDatabases;
import dev.crossfade.worker.WorkerSettings.Draining;
import dev.crossfade.worker.WorkerSettings.Running;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Two schemas of users and their pets, at dual-write. */
record Sides(TestDatabase legacy, TestDatabase modern) implements AutoCloseable {

    /** Settings of a worker that does not wait. */
    static final WorkerSettings AT_ONCE = draining(Duration.ofMillis(20), Duration.ZERO);

    private static final Column ID = new Column("id", "integer");
    private static final Column NAME = new Column("name", "text");
    private static final Column OWNER = new Column("owner", "integer");
    private static final TableMapping USER = TableMapping.table("user")
            .legacy("legacy", "users")
            .modern("modern", "accounts")
            .key(ID, ID)
            .project(NAME, "upper(name)")
            .restore(NAME, "lower(name)")
            .build();
    private static final TableMapping PET = TableMapping.table("pet")
            .legacy("legacy", "pets")
            .modern("modern", "pets")
            .key(ID, ID)
            .project(OWNER, "owner")
            .restore(OWNER, "owner")
            .parent("user")
            .build();
    static final List<TableMapping> MAPPINGS = List.of(USER, PET);

    /** Returns settings of a worker that takes jobs over soon, with the given drains. */
    static WorkerSettings draining(Duration interval, Duration grace) {
        WorkerSettings usual = WorkerSettings.DEFAULTS;
        Running running = new Running(4, Duration.ofMillis(500), Duration.ofSeconds(20), Optional.empty());
        return new WorkerSettings(
                new Draining(interval, grace, usual.draining().lanes()),
                running,
                usual.sweeping(),
                usual.keeping(),
                usual.retries());
    }

    static Sides create(boolean twoDatabases) {
        TestDatabase legacy = TestDatabases.create();
        return on(legacy, twoDatabases ? TestDatabases.create() : legacy);
    }

    static Sides on(TestDatabase legacy, TestDatabase modern) {
        legacy.execute(
                "create schema legacy",
                "create table legacy.users (id int primary key, name text)",
                "create table legacy.pets (id int primary key, owner int)");
        modern.execute(
                "create schema modern",
                "create table modern.accounts (id int primary key, name text check (name <> 'POISON'))",
                "create table modern.pets (id int primary key, owner int references modern.accounts)");
        Sides sides = new Sides(legacy, modern);
        ControlSchema.install(sides.databases());
        for (TableMapping mapping : MAPPINGS) {
            AuthorityTable.put(legacy.dsl(), mapping.entity(), new Standing(Stage.DUAL_WRITE, 1));
        }
        return sides;
    }

    Databases databases() {
        return legacy == modern ? legacy.databases() : new Databases(legacy.dataSource(), modern.dataSource());
    }

    void write(String entity, String sql, int... keys) {
        legacy.execute(sql);
        Notes.append(
                legacy.dsl(),
                entity,
                IntStream.of(keys)
                        .mapToObj(key -> RecordKey.of(Integer.toString(key)))
                        .toList());
    }

    List<String> accounts() {
        return modern.dsl()
                .fetch("select id || ' ' || name from modern.accounts order by id")
                .getValues(0, String.class);
    }

    List<String> pets() {
        return modern.dsl()
                .fetch("select id || ' ' || owner from modern.pets order by id")
                .getValues(0, String.class);
    }

    Worker worker(WorkerSettings settings) {
        return new Worker(databases(), MAPPINGS, settings);
    }

    @Override
    public void close() {
        legacy.close();
        if (legacy != modern) {
            modern.close();
        }
    }
}
