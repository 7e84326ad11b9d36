package dev.crossfade.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.Crossfade;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.mappingfile.MappingFile;
import dev.crossfade.testing.TestDatabase;
import dev.crossfade.testing.TestDatabases;
import dev.crossfade.testing.TextRecords;
import dev.crossfade.testing.TextRecords.TextRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The guide's first example: a flag becomes the time at which it was set, in a new column of the same table. It runs
 * from the ALTER TABLE that adds the column to the one that drops the flag.
 */
class ColumnMigrationIT {

    private static final String LEGACY = """
            create table public.users (id bigint primary key, email text not null, verified boolean not null default false,
                created_at timestamptz not null default now());
            insert into public.users
            select i, 'user' || i || '@example.org', i % 2 = 0, timestamptz '2020-01-01 00:00Z' + i * interval '1 day'
            from generate_series(1, 500) as i;
            """;

    /** As in docs/guide.md. */
    private static final String MAPPING = """
            entities:
              user:
                table: public.users
                key: [id]
                fill:
                  email_verified_at: case when verified then created_at end
                restore:
                  verified: email_verified_at is not null
            """;

    private static final String EXPAND = """
            -- crossfade: side=legacy
            -- crossfade: phase=expand

            alter table public.users add column email_verified_at timestamptz;
            """;

    private static final String CONTRACT = """
            -- crossfade: side=legacy
            -- crossfade: phase=contract
            -- crossfade: entity=user

            alter table public.users drop column verified;
            """;

    private static final String UNSEEN = "2021-02-03 04:05:06+00";

    @TempDir
    private Path folder;

    private TestDatabase database;

    @BeforeEach
    void create() throws IOException {
        database = TestDatabases.create();
        database.execute(LEGACY);
        Files.writeString(folder.resolve("crossfade.yaml"), MAPPING);
        Files.createDirectory(folder.resolve("migrations"));
        Files.writeString(folder.resolve("migrations/V1__verified_at.up.sql"), EXPAND);
        Files.writeString(
                folder.resolve("migrations/V1__verified_at.down.sql"),
                "alter table public.users drop column email_verified_at;");
    }

    @AfterEach
    void drop() {
        database.close();
    }

    @Test
    void aFlagBecomesATimeAndIsDropped() throws IOException {
        assertThat(run("migrate", "up").code()).isZero();
        assertThat(run("stage", "user", "--to", "legacy-only").code()).isZero();
        TableMapping mapping = MappingFile.load(folder.resolve("crossfade.yaml"), database.databases())
                .getFirst();
        try (Crossfade service = Crossfade.builder()
                .database(database.dataSource())
                .stagePolling(Duration.ofMillis(20))
                .build()) {
            TextRecords users = new TextRecords(service.routing(), mapping);
            move("dual-write");
            // A process that does not know the new column, and the service, which sets it.
            database.execute("update public.users set email = upper(email) where id <= 10");
            users.save(user(501, null));
            users.save(user(2, UNSEEN));
            Ran backfilled = run("backfill", "user");
            assertThat(backfilled.out()).contains("501 rows read").contains("0 missed");
            assertThat(rows("id = 2")).containsExactly("2 t " + UNSEEN);
            assertThat(rows("id in (1, 4)")).containsExactly("1 f -", "4 t 2020-01-05 00:00:00+00");
            assertThat(run("verify", "user").out()).contains("0 differences");

            // A flag that is set past the service has no time yet.
            database.execute("update public.users set verified = true where id = 7");
            assertThat(run("verify", "user").out()).contains("1 difference");
            assertThat(run("verify", "user", "--repair").code()).isZero();
            assertThat(rows("id = 7")).containsExactly("7 t 2020-01-08 00:00:00+00");

            List.of("shadow-read", "modern-read", "modern-primary").forEach(this::move);
            users.save(user(502, UNSEEN));
            users.save(user(4, null));
            assertThat(rows("id in (4, 502)")).containsExactly("4 f -", "502 t " + UNSEEN);
            assertThat(run("verify", "user").out()).contains("0 differences");

            move("modern-read");
            assertThat(rows("id in (2, 4, 502)")).containsExactly("2 t " + UNSEEN, "4 f -", "502 t " + UNSEEN);
            assertThat(run("verify", "user").out()).contains("0 differences");
            List.of("modern-primary", "modern-only").forEach(this::move);
            assertThat(rows("true")).hasSize(502);

            // Refused until the service has applied the last stage.
            Files.writeString(folder.resolve("migrations/V2__flag_gone.up.sql"), CONTRACT);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> run("migrate", "up").code() == 0);
            users.save(user(503, UNSEEN));
            assertThat(users.find(List.of("503"))).contains(user(503, UNSEEN));
            users.delete(List.of("503"));
        }
        for (String command : List.of("status", "check", "finish user", "verify --all", "worker --once")) {
            Ran ran = run(command.split(" "));
            assertThat(ran.code()).describedAs(command + ran.err()).isZero();
            assertThat(ran.out() + ran.err()).describedAs(command).containsIgnoringCase("contracted");
        }
        assertThat(run("stage", "user", "--to", "modern-primary").code()).isEqualTo(3);
        assertThat(database.dsl().fetchValue("select count(*) from public.users where email_verified_at is not null"))
                .isEqualTo(251L);
    }

    private static TextRecord user(int id, @Nullable String verifiedAt) {
        return TextRecord.of("" + id, "user" + id + "@example.org", "2020-01-01 00:00:00+00", verifiedAt);
    }

    private List<String> rows(String where) {
        return database.dsl()
                .fetch("select concat_ws(' ', id, verified, coalesce(cast(email_verified_at at time zone 'UTC' as text)"
                        + " || '+00', '-')) from public.users where " + where + " order by id")
                .getValues(0, String.class);
    }

    private void move(String stage) {
        Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            Ran moved = run("stage", "user", "--to", stage);
            assertThat(moved.err()).isEmpty();
            assertThat(moved.code()).isZero();
        });
    }

    private Ran run(String... arguments) {
        return Ran.in(
                folder,
                Map.of(
                        "DB_URL", database.url(),
                        "DB_USER", database.user(),
                        "DB_PASSWORD", database.password(),
                        "CROSSFADE_GATE_SHADOW_COMPARISONS", "0"),
                arguments);
    }
}
