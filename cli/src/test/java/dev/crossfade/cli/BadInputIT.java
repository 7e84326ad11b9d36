package dev.crossfade.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.cli.Site.Topology;
import dev.crossfade.testing.StoppableServer;
import dev.crossfade.testing.TestDatabase;
import dev.crossfade.testing.TestDatabases;
import java.nio.file.Path;
import java.util.Map;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every bad input ends with one message, the right exit code, and no effect. */
class BadInputIT {

    private static final int PROBLEM = 1;
    private static final int MISUSE = 2;

    @TempDir
    private static Path sharedFolder;

    private static Site shared;

    @TempDir
    private Path folder;

    @BeforeAll
    static void createSite() {
        shared = Site.create(sharedFolder, Topology.ONE_DATABASE);
    }

    @AfterAll
    static void closeSite() {
        shared.close();
    }

    @Test
    void anUnreachableDatabaseIsNamedWithItsSettings() {
        Map<String, String> environment = Map.of("DB_URL", "jdbc:postgresql://localhost:1/shop", "DB_USER", "ops");

        assertThatOneMessageOf(Ran.in(folder, environment, "status"), PROBLEM)
                .contains("The legacy database at localhost:1/shop cannot be reached: connection refused.")
                .contains("Check db.host and db.port");
    }

    @Test
    void aHostThatNobodyKnowsIsNamed() {
        Map<String, String> environment =
                Map.of("DB_HOST", "no-such-host.invalid", "DB_NAME", "shop", "DB_USER", "ops");

        assertThatOneMessageOf(Ran.in(folder, environment, "queue", "list"), PROBLEM)
                .contains("no-such-host.invalid:5432/shop cannot be reached: the host's name is not known.");
    }

    @Test
    void aDatabaseThatIsNotThereIsNamed() {
        try (Site site = Site.create(folder, Topology.ONE_DATABASE)) {
            site.with("DB_URL", site.legacy().url().replace(site.legacy().name(), "no_such_database"));

            assertThatOneMessageOf(site.run("flags"), PROBLEM)
                    .contains("no_such_database does not exist. Check db.name");
        }
    }

    @Test
    void aWrongPasswordAndAMissingOneAreToldApart() {
        try (StoppableServer server = StoppableServer.create();
                TestDatabase database = server.createDatabase()) {
            database.execute("create role ops login password 'right'", """
                    do $$ begin
                        execute format('copy (select unnest(array[%L, %L, %L])) to %L',
                            'host all ops 127.0.0.1/32 scram-sha-256', 'host all ops ::1/128 scram-sha-256',
                            'host all all all trust', current_setting('hba_file'));
                        perform pg_reload_conf();
                    end $$
                    """);
            Map<String, String> wrong =
                    Map.of("DB_URL", database.url(), "DB_USER", "ops", "DB_PASSWORD", "wrong-secret");
            Map<String, String> none = Map.of("DB_URL", database.url(), "DB_USER", "ops");

            assertThatOneMessageOf(Ran.in(folder, wrong, "status"), PROBLEM)
                    .contains("refused the login of user 'ops'")
                    .contains("DB_PASSWORD")
                    .doesNotContain("wrong-secret");
            assertThatOneMessageOf(Ran.in(folder, wrong, "status", "--db-password"), PROBLEM)
                    .contains("refused the login")
                    .doesNotContain("typed-db.password");
            database.execute("alter role ops password 'typed-db.password' superuser");
            assertThat(Ran.in(folder, wrong, "status", "--db-password").code()).isZero();
            assertThatOneMessageOf(Ran.in(folder, none, "status"), PROBLEM)
                    .contains("asks for a password of user 'ops', and none is set.");
        }
    }

    @Test
    void aUserWithoutPrivilegesIsToldWhichOneIsMissing() {
        try (TestDatabase database = TestDatabases.create()) {
            String role = "limited_" + database.name();
            database.execute("create role \"%s\" login password 'x'".formatted(role));
            try {
                Map<String, String> environment = Map.of("DB_URL", database.url(), "DB_USER", role, "DB_PASSWORD", "x");
                assertThatOneMessageOf(Ran.in(folder, environment, "install"), PROBLEM)
                        .contains("cannot be prepared in")
                        .contains(role)
                        .contains("CREATE on the database")
                        .contains("permission denied for database");
                assertThat(database.dsl().fetchValue("select to_regnamespace('crossfade') is null"))
                        .isEqualTo(true);

                Map<String, String> owner = Map.of(
                        "DB_URL", database.url(), "DB_USER", database.user(), "DB_PASSWORD", database.password());
                assertThat(Ran.in(folder, owner, "install").code()).isZero();
                assertThatOneMessageOf(Ran.in(folder, environment, "status"), PROBLEM)
                        .contains("permission denied")
                        .contains(role);
                database.execute(
                        "grant usage on schema crossfade to \"%s\"".formatted(role),
                        "grant select on crossfade.control_version to \"%s\"".formatted(role));
                assertThatOneMessageOf(Ran.in(folder, environment, "queue", "list"), PROBLEM)
                        .contains("A privilege is missing in")
                        .contains("permission denied for table");
            } finally {
                database.execute("drop owned by \"%s\"".formatted(role), "drop role \"%s\"".formatted(role));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "stage nobody",
                "stage nobody --to dual-write",
                "backfill nobody",
                "verify nobody",
                "queue list nobody",
                "queue retry nobody",
                "flags ramp nobody 5",
                "shadow nobody"
            })
    void anUnknownEntityIsToldWhichThereAre(String command) {
        assertThatOneMessageOf(shared.run(command.split(" ")), MISUSE)
                .contains("There is no entity 'nobody'. The entities are: order, user.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "stage user --to nowhere",
                "stage user --force",
                "stage user --to dual-write --force",
                "backfill user --batch-rows 0",
                "backfill user --batch-rows many",
                "backfill",
                "verify",
                "verify user --all",
                "worker --interval soon",
                "worker --interval 0ms",
                "queue retry --key 4",
                "queue list --limit 0",
                "queue",
                "migrate down --steps 1 --to 3",
                "migrate up --to latest",
                "migrate up",
                "flags ramp user much",
                "flags ramp user 5 --by region",
                "flags ramp user 5 --always acme",
                "flags ramp user 5 --by tenant --always a,b",
                "shadow --limit 0",
                "status --output xml",
                "status --db-hots x",
                "status --config nowhere.properties",
                "worker --mapping nowhere.yaml",
                "stat",
                "demo --rows 5"
            })
    void wrongUseIsOneMessageAndExitCodeTwo(String command) {
        assertThatOneMessageOf(shared.run(command.split(" ")), MISUSE)
                .startsWith("crossfade: ")
                .doesNotContain("Exception");
    }

    @Test
    void aBadMappingFileIsShownWithFileAndLineAndDoesNotHideTheStatus() {
        try (Site site = Site.create(folder, Topology.ONE_DATABASE)) {
            site.install();
            site.write("crossfade.yaml", """
                    entities:
                      user:
                        legacy: legacy.users
                        modern: modern.accounts
                        key: { id: account_id }
                    """);

            assertThatOneMessageOf(site.run("verify", "--all"), MISUSE)
                    .contains("The mapping file cannot be used:")
                    .contains("crossfade.yaml:2");
            Ran status = site.run("status");
            assertThat(status.code()).isEqualTo(PROBLEM);
            assertThat(status.out()).contains("user").contains("cannot be used");
            assertThat(status.err()).contains("crossfade.yaml:2").contains("\n").doesNotContain("\\u000a");
        }
    }

    @Test
    void contradictorySettingsAreAllNamed() {
        Map<String, String> environment =
                Map.of("DB_URL", "jdbc:postgresql://h/n", "DB_HOST", "h", "DB_PORT", "5432", "DB_USER", "u");

        assertThatOneMessageOf(Ran.in(folder, environment, "status"), MISUSE)
                .contains("DB_HOST: db.host contradicts db.url")
                .contains("DB_PORT: db.port contradicts db.url");
    }

    @Test
    void debugAddsTheStackTrace() {
        Map<String, String> environment = Map.of("DB_URL", "jdbc:postgresql://localhost:1/shop", "DB_USER", "ops");

        Ran ran = Ran.in(folder, environment, "status", "--debug");

        assertThat(ran.code()).isEqualTo(PROBLEM);
        assertThat(ran.err()).contains("cannot be reached").contains("\tat dev.crossfade.cli.");
    }

    private static AbstractStringAssert<?> assertThatOneMessageOf(Ran ran, int exitCode) {
        assertThat(ran.code()).as(ran.err()).isEqualTo(exitCode);
        assertThat(ran.out()).isEmpty();
        return assertThat(ran.err())
                .doesNotContain("\tat ")
                .doesNotContain("HikariPool")
                .doesNotContain("SQL [");
    }
}
