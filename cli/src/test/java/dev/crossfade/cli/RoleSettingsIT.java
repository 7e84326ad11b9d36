package dev.crossfade.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.cli.Site.Topology;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Logins with their own settings: these do not affect what commands copy and compare, and the commands complete. */
class RoleSettingsIT {

    private static final List<String> SETTINGS = List.of(
            "statement_timeout = '2s'",
            "lock_timeout = '20ms'",
            "idle_in_transaction_session_timeout = '500ms'",
            "search_path = 'nowhere'",
            "default_text_search_config = 'pg_catalog.german'",
            "DateStyle = 'SQL, DMY'",
            "IntervalStyle = 'iso_8601'",
            "TimeZone = 'Pacific/Kiritimati'",
            "xmloption = 'document'",
            "bytea_output = 'escape'",
            "extra_float_digits = -10",
            "row_security = on",
            "session_replication_role = 'replica'",
            "default_transaction_read_only = on",
            "default_transaction_isolation = 'serializable'",
            "default_transaction_deferrable = on");

    private static final String TABLE = """
            (id int primary key, at timestamptz, day date, span interval, raw bytea, amount float8, price money, words tsvector)
            """;
    private static final String MAPPING = """
            entities:
              odd:
                legacy: legacy.odd
                modern: modern.odd
                key: [id]
                project: { at: at, day: day, span: span, raw: raw, amount: amount, price: price, words: words }
                restore: { at: at, day: day, span: span, raw: raw, amount: amount, price: price, words: words }
            """;

    @TempDir
    private Path folder;

    private Site site;

    private void create(Topology topology) {
        site = Site.create(folder, topology);
        site.legacy().execute("create table legacy.odd " + TABLE, """
                        insert into legacy.odd
                        select i, timestamptz '2024-03-31 00:30Z' + i * interval '5 hours', date '2024-02-03' + i,
                            i * interval '1 day 02:03:04.5', decode(repeat('00ff27', i), 'hex'), i / 3.0::float8, i * 1.5::money,
                            to_tsvector('pg_catalog.english', 'The cats are running ' || i)
                        from generate_series(1, 60) i
                        """);
        site.modern().execute("create table modern.odd " + TABLE);
        site.write("crossfade.yaml", MAPPING);
    }

    @BeforeEach
    void notYet() {
        site = Site.create(folder, Topology.ONE_DATABASE);
        site.legacy()
                .execute("do $$ begin if not exists (select from pg_roles where rolname = 'role_with_settings') then "
                        + "create role role_with_settings login superuser password 'secret'; end if; end $$");
        SETTINGS.forEach(setting -> site.legacy().execute("alter role role_with_settings set " + setting));
        site.close();
    }

    @AfterEach
    void drop() {
        site.close();
    }

    private void succeeds(String... arguments) {
        Ran ran = site.run(arguments);
        assertThat(ran.code())
                .describedAs(String.join(" ", arguments) + ": " + ran.out() + ran.err())
                .isZero();
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void commandsOfARoleWithSettingsOfItsOwnDoWhatThoseOfOthersDo(Topology topology) {
        create(topology);
        String user = site.legacy().user();
        site.with("DB_USER", "role_with_settings").with("DB_PASSWORD", "secret");
        succeeds("stage", "odd", "--to", "dual-write");
        succeeds("backfill", "odd", "--batch-rows", "20");
        succeeds("verify", "odd");
        succeeds("capture", "install", "odd");
        site.legacy()
                .execute("update legacy.odd set at = at + interval '1 hour', span = span * 2, amount = amount / 7");
        succeeds("worker", "--once", "--grace", "0s");
        succeeds("verify", "odd");
        succeeds("status");

        site.with("DB_USER", user).with("DB_PASSWORD", site.legacy().password());
        succeeds("verify", "odd");
        site.legacy().execute("update legacy.odd set price = price * 2, raw = raw || 'x'");
        succeeds("worker", "--once", "--grace", "0s");
        site.with("DB_USER", "role_with_settings").with("DB_PASSWORD", "secret");
        succeeds("verify", "odd");
        for (String stage : List.of("shadow-read", "modern-read", "modern-primary", "modern-read")) {
            succeeds("stage", "odd", "--to", stage, "--force", "--reason", "a test");
        }
        succeeds("verify", "odd");
    }
}
