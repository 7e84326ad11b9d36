package dev.crossfade.cli;

import dev.crossfade.cli.terminal.Termination;
import dev.crossfade.control.Databases;
import dev.crossfade.model.RecordKey;
import dev.crossfade.testing.Notes;
import dev.crossfade.testing.TestDatabase;
import dev.crossfade.testing.TestDatabases;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A service's databases, mapping file and settings, in one of the two topologies, as an operator has them. */
final class Site implements AutoCloseable {

    /** Where the two schemas are. */
    enum Topology {
        ONE_DATABASE,
        TWO_DATABASES
    }

    private static final String LEGACY = """
            create schema legacy;
            create table legacy.users (id int primary key, email text not null, first_name text, last_name text);
            create table legacy.orders (id int primary key, user_id int not null references legacy.users, total numeric(10,2) not null);
            """;
    private static final String MODERN = """
            create schema modern;
            create table modern.accounts (account_id bigint primary key, email text not null unique, full_name text);
            create table modern.orders (id bigint primary key, account_id bigint not null references modern.accounts, total numeric(10,2) not null);
            """;
    private static final String MAPPING = """
            entities:
              user:
                legacy: legacy.users
                modern: modern.accounts
                key: { id: account_id }
                project:
                  email: lower(email)
                  full_name: concat_ws(' ', first_name, last_name)
                restore:
                  email: email
                  first_name: split_part(full_name, ' ', 1)
                  last_name: nullif(split_part(full_name, ' ', 2), '')
              order:
                legacy: legacy.orders
                modern: modern.orders
                key: { id: id }
                project:
                  account_id: user_id
                  total: total
                restore:
                  user_id: account_id
                  total: total
            """;

    private final Path folder;
    private final TestDatabase legacy;
    private final TestDatabase modern;
    private final Map<String, String> environment = new HashMap<>();

    private Site(Path folder, TestDatabase legacy, TestDatabase modern) {
        this.folder = folder;
        this.legacy = legacy;
        this.modern = modern;
        environment.put("DB_URL", legacy.url());
        environment.put("DB_USER", legacy.user());
        environment.put("DB_PASSWORD", legacy.password());
        if (legacy != modern) {
            environment.put("MODERN_DB_URL", modern.url());
        }
        legacy.execute(LEGACY);
        modern.execute(MODERN);
        write("crossfade.yaml", MAPPING);
    }

    /** Takes existing databases; they are closed together with the site. */
    static Site on(Path folder, TestDatabase legacy, TestDatabase modern) {
        return new Site(folder, legacy, modern);
    }

    static Site create(Path folder, Topology topology) {
        TestDatabase legacy = TestDatabases.create();
        return new Site(folder, legacy, topology == Topology.ONE_DATABASE ? legacy : TestDatabases.create());
    }

    Ran run(String... arguments) {
        return Ran.in(folder, environment, arguments);
    }

    Ran run(Termination termination, String... arguments) {
        return Ran.in(folder, environment, termination, arguments);
    }

    /** Changes the environment of later commands. */
    Site with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /** Starts a command in its own process. */
    Running start(String... arguments) {
        return Running.start(folder, environment, arguments);
    }

    /** Starts a command in its own process, with a limited heap. */
    Running startWithHeap(String heap, String... arguments) {
        return Running.start(List.of("-Xmx" + heap), folder, environment, arguments);
    }

    /** Installs Crossfade and registers the entities of the mapping file at their first stage. */
    Site install() {
        Ran installed = run("stage", "user", "order", "--to", "legacy-only");
        if (installed.code() != 0) {
            throw new IllegalStateException(installed.err());
        }
        return this;
    }

    TestDatabase legacy() {
        return legacy;
    }

    TestDatabase modern() {
        return modern;
    }

    Databases databases() {
        return legacy == modern ? legacy.databases() : new Databases(legacy.dataSource(), modern.dataSource());
    }

    Path write(String file, String text) {
        try {
            Path path = folder.resolve(file);
            Files.createDirectories(path.getParent());
            return Files.writeString(path, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void insertUsers(int from, int to) {
        legacy.dsl()
                .execute(
                        "insert into legacy.users select i, 'User' || i || '@Example.org', 'First' || i, 'Last' || i"
                                + " from generate_series(cast(? as int), cast(? as int)) as i",
                        from,
                        to);
    }

    /** Leaves intents in the legacy database, as an instance does that dies after its write. */
    void noteIntents(String entity, String... keys) {
        Notes.append(
                legacy.dsl(), entity, Arrays.stream(keys).map(RecordKey::of).toList());
    }

    /** Moves an entity forward to a stage, step by step, past its gates. */
    void moveTo(String stage, String... entities) {
        for (String step : List.of("dual-write", "shadow-read", "modern-read", "modern-primary", "modern-only")) {
            List<String> arguments = new ArrayList<>(List.of("stage"));
            arguments.addAll(List.of(entities));
            arguments.addAll(List.of("--to", step, "--force", "--reason", "a test"));
            Ran moved = run(arguments.toArray(String[]::new));
            if (moved.code() != 0) {
                throw new IllegalStateException(moved.err());
            }
            if (step.equals(stage)) {
                return;
            }
        }
    }

    @Override
    public void close() {
        legacy.close();
        if (legacy != modern) {
            modern.close();
        }
    }
}
