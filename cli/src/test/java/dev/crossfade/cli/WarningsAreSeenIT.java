package dev.crossfade.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.testing.TestDatabase;
import dev.crossfade.testing.TestDatabases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * The warnings of {@code check} appear where people look: here a trigger that a backfill in place fires for every row.
 */
class WarningsAreSeenIT {

    private static final String TABLE = """
            create table public.member (id int primary key, first text, last text, full_name text,
                updated_at timestamptz not null default now(), version int not null default 1);
            insert into public.member (id, first, last, updated_at) select i, 'F' || i, 'L' || i, '2020-01-01'
            from generate_series(1, 5) i;
            create function touch() returns trigger language plpgsql
                as $$ begin new.updated_at := now(); new.version := old.version + 1; return new; end $$;
            create trigger touch before update on public.member for each row execute function touch();
            """;

    private static final String MAPPING = """
            entities:
              member:
                table: public.member
                key: [id]
                project: { full_name: "concat_ws(' ', first, last)" }
                restore: { first: "split_part(full_name, ' ', 1)", last: "split_part(full_name, ' ', 2)" }
                ignore: [updated_at, version]
            """;

    @TempDir
    private Path folder;

    @Test
    void statusStageAndBackfillShowThem() throws IOException {
        try (TestDatabase database = TestDatabases.create()) {
            database.execute(TABLE);
            Files.writeString(folder.resolve("crossfade.yaml"), MAPPING);
            String warning = "'touch' runs before rows of public.member";

            Ran moved = run(database, "stage", "member", "--to", "dual-write");
            assertThat(moved.code()).isZero();
            assertThat(moved.err()).contains("crossfade: warning: ", warning);

            Ran status = run(database, "status");
            assertThat(status.code()).isZero();
            assertThat(status.out()).contains("1 warning: `crossfade check` shows it, and the remedy", warning);
            JsonNode mapping =
                    run(database, "status", "--output", "json").json().get("mapping");
            assertThat(mapping.get("warnings").asInt()).isEqualTo(1);
            assertThat(mapping.at("/firstWarnings/0").asString()).contains("crossfade.yaml:3:", warning);

            Ran copied = run(database, "backfill", "member");
            assertThat(copied.code()).isZero();
            assertThat(copied.err()).contains("crossfade: warning: ", warning);

            Ran shown = run(database, "stage", "member");
            assertThat(shown.err()).contains(warning);
            assertThat(run(database, "stage", "member", "--to", "legacy-only").code())
                    .isZero();
        }
    }

    private Ran run(TestDatabase database, String... arguments) {
        return Ran.in(
                folder,
                Map.of("DB_URL", database.url(), "DB_USER", database.user(), "DB_PASSWORD", database.password()),
                arguments);
    }
}
