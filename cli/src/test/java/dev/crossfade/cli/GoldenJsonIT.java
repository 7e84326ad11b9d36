package dev.crossfade.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.cli.Site.Topology;
import dev.crossfade.control.AuthorityTable;
import dev.crossfade.fleet.Fleet;
import dev.crossfade.fleet.Fleet.Instance;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import dev.crossfade.queue.MissedWrites;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The JSON of every report, field by field. Scripts and pages read it, so no field may be renamed, moved or lost
 * unnoticed. With {@code -Dcrossfade.golden.write=true} the files are rewritten; review the diff then.
 */
class GoldenJsonIT {

    private static final boolean WRITE = Boolean.getBoolean("crossfade.golden.write");
    private static final UUID INSTANCE = UUID.fromString("00000000-0000-0000-0000-000000000001");
    private static final String EXPAND = """
            -- crossfade: side=modern
            -- crossfade: entity=user
            create table modern.notes (id int primary key);
            """;
    private static final String CONTRACT = """
            -- crossfade: phase=contract
            -- crossfade: side=legacy
            -- crossfade: entity=order
            drop table legacy.orders;
            """;

    @TempDir
    private Path folder;

    private final StringBuilder transcript = new StringBuilder();

    @ParameterizedTest
    @EnumSource
    void everyReportIsAsItWas(Topology topology) throws IOException {
        try (Site site = Site.create(folder, topology)) {
            site.with("CROSSFADE_GATE_SHADOW_COMPARISONS", "0").insertUsers(1, 3);
            begin(site);
            queue(site);
            differences(site);
            observed(site);
            entities(site);
            recover(site);
            contract(site);
        }
        Path golden = Path.of(
                "src/test/resources/golden",
                topology.name().toLowerCase(Locale.ROOT).replace('_', '-') + ".txt");
        if (WRITE) {
            Files.createDirectories(golden.getParent());
            Files.writeString(golden, transcript);
        }
        assertThat(transcript.toString()).isEqualTo(Files.readString(golden));
    }

    private void begin(Site site) {
        reports(site, "status");
        reports(site, "check", "user");
        reports(site, "install");
        reports(site, "install");
        reports(site, "stage", "user", "order", "--to", "legacy-only");
        reports(site, "stage", "user", "order", "--to", "dual-write");
        new Fleet(site.legacy().dsl())
                .heartbeat(new Instance(INSTANCE, "host/1", "1.2.3"), Map.of("user", 0L), Map.of());
        reports(site, "stage", "user");
        reports(site, "flags");
        reports(site, "flags", "ramp", "user", "12.5", "--by", "tenant", "--always", "acme");
        reports(site, "capture", "status");
        reports(site, "capture", "install", "user");
        reports(site, "backfill", "user", "order");
        reports(site, "backfill", "user");
        site.write("migrations/V1__notes.up.sql", EXPAND);
        site.write("migrations/V1__notes.down.sql", "drop table modern.notes;\n");
        reports(site, "migrate", "status");
        reports(site, "migrate", "up");
        reports(site, "migrate", "down", "--force", "--reason", "a test", "--by", "ada");
        reports(site, "migrate", "up");
        reports(site, "migrate", "status");
    }

    private void queue(Site site) {
        site.noteIntents("user", "1");
        new MissedWrites(site.legacy().dsl())
                .missed("user", RecordKey.of("2"), Side.MODERN, new SQLException("it does not fit", "22001"));
        reports(site, "queue", "list");
        reports(site, "queue", "park", "user", "--reason", "ticket 4711", "--by", "ada");
        reports(site, "queue", "show", "user", "--key", "2");
        reports(site, "status");
        reports(site, "queue", "retry", "user", "--key", "2", "--by", "ada");
        reports(site, "queue", "discard", "user", "--key", "2", "--reason", "a test", "--by", "ada");
        reports(site, "queue", "history");
        reports(site, "worker", "--once", "--grace", "0s");
    }

    private void differences(Site site) {
        reports(site, "verify", "--all");
        site.modern().execute("update modern.accounts set full_name = 'Somebody' where account_id = 2");
        site.modern().execute("delete from modern.accounts where account_id = 3");
        reports(site, "verify", "user", "--dry-run");
        reports(site, "queue", "show", "user", "--key", "2");
        reports(site, "verify", "user", "--repair");
        reports(site, "status");
    }

    private void observed(Site site) {
        reports(site, "shadow");
        reports(site, "lossy");
        site.legacy()
                .execute("insert into crossfade.shadow_mismatch values"
                        + " ('user', false, 'find', '{42}', '{email}', '{String(5)#aaaaaaaa}',"
                        + " '{String(6)#bbbbbbbb}', 3, now(), now())");
        site.legacy()
                .execute("insert into crossfade.lossy_write values"
                        + " ('user', '{42}', '{email}', '{String(5)#aaaaaaaa}', '{String(6)#bbbbbbbb}', 'x', 3,"
                        + " now(), now(), now())");
        site.legacy().execute("insert into crossfade.lossy_key values ('user', '{42}', '{email}', now())");
        reports(site, "shadow");
        reports(site, "lossy");
        reports(site, "shadow", "--forget");
        reports(site, "lossy", "--forget");
        site.legacy().execute("delete from crossfade.lossy_key");
    }

    private void entities(Site site) {
        reports(site, "entity", "list");
        reports(site, "capture", "remove", "user");
    }

    private void recover(Site site) {
        reports(site, "recover", "user");
        site.modern().execute("insert into modern.accounts values (77, '77@example.org', 'Ada Lovelace')");
        freeze(site);
        reports(site, "recover", "user");
        reports(site, "status");
        reports(site, "recover", "user", "--winner", "legacy", "--reason", "ticket 4711", "--by", "ada");
    }

    private static void freeze(Site site) {
        String reason = "the modern database is not what it was: it has gone back in time.";
        AuthorityTable.freeze(site.legacy().dsl(), "user", reason);
        AuthorityTable.freeze(site.modern().dsl(), "user", reason);
    }

    private void contract(Site site) {
        site.legacy().execute("delete from crossfade.instance");
        for (String step : List.of("shadow-read", "modern-read", "modern-primary", "modern-only")) {
            reports(site, "stage", "order", "--to", step, "--force", "--reason", "a test");
        }
        reports(site, "finish", "order");
        site.write("migrations/V2__drop_orders.up.sql", CONTRACT);
        reports(site, "migrate", "up");
        reports(site, "finish", "order");
        reports(site, "status");
        reports(site, "stage", "order");
        reports(site, "entity", "list");
        reports(site, "check");
        reports(site, "uninstall", "--dry-run");
        reports(site, "entity", "forget", "order", "--reason", "done", "--by", "ada");
        reports(site, "entity", "rename", "user", "customer", "--reason", "a name", "--by", "ada");
        reports(site, "uninstall", "--dry-run");
    }

    private void reports(Site site, String... arguments) {
        String[] asJson = Arrays.copyOf(arguments, arguments.length + 2);
        asJson[arguments.length] = "--output";
        asJson[arguments.length + 1] = "json";
        Ran ran = site.run(asJson);
        assertThat(ran.out())
                .describedAs("%s: %s", String.join(" ", arguments), ran.err())
                .isNotEmpty();
        transcript
                .append("crossfade %s (exit %s)%n".formatted(String.join(" ", arguments), ran.code()))
                .append(lasting(site, ran.out().strip()))
                .append(System.lineSeparator())
                .append(System.lineSeparator());
    }

    /** Returns a report without the values that differ in each run. */
    private String lasting(Site site, String report) {
        return report.replace(site.legacy().url().replaceFirst("^jdbc:postgresql://([^?]*).*", "$1"), "LEGACY")
                .replace(site.modern().url().replaceFirst("^jdbc:postgresql://([^?]*).*", "$1"), "MODERN")
                .replace(folder.toString(), "FOLDER")
                .replace("\"" + System.getProperty("user.name") + "\"", "\"USER\"")
                .replaceAll("\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d:\\d\\d[.\\d]*Z", "TIME")
                .replaceAll("\\d+[.]\\d+ s\\b", "N s")
                .replaceAll(
                        "(?<=\"(?:durationMillis|oldestSeconds|heartbeatAgeSeconds|intentBytes"
                                + "|timeline|position|beat|now)\" : )[\\d.E]+",
                        "N")
                .replaceAll("(?<=\"(?:server|token|system)\" : )\"[^\"]+\"", "\"ID\"");
    }
}
