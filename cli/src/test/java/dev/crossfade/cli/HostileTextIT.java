package dev.crossfade.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.cli.Site.Topology;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import dev.crossfade.queue.MissedWrites;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing in the databases or in a command's arguments controls an operator's terminal or log. */
class HostileTextIT {

    /** Clears the screen, sets the title, begins a line that looks like Crossfade's, and reverses what follows. */
    private static final String HOSTILE =
            "k\u001b[2J\u001b]0;title\u0007\ncrossfade: all is well\r\u009b31m\u202eabc\u2066\u2028x\ufdd1";

    /** Its keys are whatever somebody has stored. */
    private static final String NOTE = """
              note:
                legacy: legacy.notes
                modern: modern.notes
                key: [id]
                project: { body: body }
                restore: { body: body }
            """;

    @TempDir
    private static Path folder;

    private static Site site;

    @BeforeAll
    static void fill() throws IOException {
        site = Site.create(folder, Topology.ONE_DATABASE);
        site.legacy()
                .execute(
                        "create table legacy.notes (id text primary key, body text not null)",
                        "create table modern.notes (id text primary key, body text not null)");
        site.write("crossfade.yaml", Files.readString(folder.resolve("crossfade.yaml")) + NOTE);
        site.run("stage", "user", "order", "note", "--to", "dual-write", "--reason", HOSTILE);
        site.legacy().dsl().execute("insert into legacy.notes values (?, 'x'), ('-\u001b[1m', 'x')", HOSTILE);
        site.legacy().dsl().execute("insert into modern.notes values (?, ?)", HOSTILE, HOSTILE);
        noteWhatWasSeen();
        new MissedWrites(site.legacy().dsl())
                .missed("user", RecordKey.of(HOSTILE), Side.MODERN, new SQLException(HOSTILE, "22001"));
        site.legacy().dsl().execute("update crossfade.missed_write set message = ?", HOSTILE);
        site.legacy()
                .dsl()
                .execute("insert into crossfade.intent (entity, key) values (?, array[?])", HOSTILE, HOSTILE);
        site.legacy().dsl().execute("insert into crossfade.intent (entity, key) values ('user', array[?])", HOSTILE);
        site.run("queue", "park", "user", "--key", HOSTILE, "--reason", HOSTILE, "--by", HOSTILE);
    }

    /** Records what a service records about its reads and writes. */
    private static void noteWhatWasSeen() {
        site.legacy()
                .dsl()
                .execute(
                        "insert into crossfade.lossy_key (entity, key, columns) values ('note', array[?], array[?])",
                        HOSTILE,
                        HOSTILE);
        site.legacy()
                .dsl()
                .execute(
                        "insert into crossfade.lossy_write (entity, key, columns, given, stored, mapping, changed_at) values ('note', array[?], array[?], array[?], array[?], 'x', now())",
                        HOSTILE,
                        HOSTILE,
                        HOSTILE,
                        HOSTILE);
        site.legacy()
                .dsl()
                .execute(
                        "insert into crossfade.shadow_mismatch (entity, aa, read, key, fields, legacy, modern) values ('note', false, ?, array[?], array[?], array[?], array[?])",
                        HOSTILE,
                        HOSTILE,
                        HOSTILE,
                        HOSTILE,
                        HOSTILE);
    }

    @AfterAll
    static void close() {
        site.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "queue list",
                "queue history",
                "queue show user --key KEY",
                "queue retry user --key KEY",
                "queue list user --error KEY",
                "status",
                "stage user",
                "stage KEY",
                "stage user --to KEY",
                "flags",
                "flags ramp user KEY",
                "entity list",
                "entity forget KEY --reason KEY",
                "verify KEY",
                "backfill KEY",
                "migrate status",
                "migrate up --target KEY",
                "shadow KEY",
                "recover user",
                "verify note",
                "shadow note",
                "lossy note",
                "check note",
                "capture status note",
                "stage note --to shadow-read",
                "worker --once --grace 0s",
                "KEY",
                "--KEY"
            })
    void isShownEscaped(String command) {
        String[] arguments = command.split(" ");
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = arguments[i].replace("KEY", HOSTILE);
        }

        for (Ran ran : List.of(site.run(arguments), json(arguments))) {
            for (String text : List.of(ran.out(), ran.err())) {
                assertThat(text.codePoints()
                                .filter(point -> point != '\n' && isHarmful(point))
                                .mapToObj("%04x"::formatted))
                        .as(text)
                        .isEmpty();
                assertThat(text.lines()).noneMatch(line -> line.startsWith("crossfade: all is well"));
            }
        }
    }

    @Test
    void aKeyCanStillBeToldAndCopied() {
        assertThat(site.run("queue", "list").out())
                .contains("k\\u001b[2J\\u001b]0;title\\u0007\\u000acrossfade: all is well\\u000d\\u009b31m\\u202eabc");
        assertThat(site.run("queue", "list", "--output", "json")
                        .json()
                        .at("/missedWrites/0/key/0")
                        .asString())
                .isEqualTo(HOSTILE);
    }

    /** The commands that name rows do name these. */
    @ParameterizedTest
    @ValueSource(strings = {"verify note", "shadow note", "lossy note"})
    void aKeyIsNamedWhereItIsFound(String command) {
        assertThat(site.run(command.split(" ")).out()).contains("k\\u001b[2J\\u001b]0;title\\u0007\\u000acrossfade");
    }

    @Test
    void anEntityThatIsFrozenNamesWhatDiffers() {
        site.legacy().dsl().execute("update crossfade.authority set frozen = ? where entity = 'note'", HOSTILE);
        try {
            isShownEscaped("recover note");
            isShownEscaped("status");
            assertThat(site.run("recover", "note").out()).contains("k\\u001b[2J");
        } finally {
            site.legacy().dsl().execute("update crossfade.authority set frozen = null where entity = 'note'");
        }
    }

    @Test
    void aUrlIsShownWithoutItsSecrets() {
        for (String url : List.of(
                "jdbc:postgresql://u:hidden-word@localhost:1/shop",
                "jdbc:postgresql://localhost:1/shop?sslpassword=hidden-word",
                "jdbc:postgresql://localhost:1/shop?user=ops&password=hidden-word",
                "jdbc:postgresql://hidden-word@localhost:1/shop?loggerLevel=x")) {
            Ran ran = Ran.in(folder, Map.of("DB_URL", url, "DB_USER", "ops"), "status", "--debug");

            assertThat(ran.code()).isNotZero();
            assertThat(ran.out() + ran.err()).doesNotContain("hidden-word");
        }
    }

    /** Pools and drivers log their settings, and the server answers. */
    @Test
    void whatPoolsAndDriversLogHasNoSecrets() {
        Map<String, String> environment = Map.of(
                "DB_URL",
                site.legacy().url() + "?sslpassword=hidden-word&sslmode=disable",
                "DB_USER",
                site.legacy().user(),
                "DB_PASSWORD",
                site.legacy().password());
        for (List<String> form : List.of(List.<String>of(), List.of("--output", "json"))) {
            List<String> arguments = new ArrayList<>(List.of("status", "--debug"));
            arguments.addAll(form);
            Ran ran = Ran.in(folder, environment, arguments.toArray(String[]::new));

            assertThat(ran.code()).as(ran.err()).isLessThan(2);
            assertThat(ran.out() + ran.err()).doesNotContain("hidden-word");
        }
    }

    private static Ran json(String... arguments) {
        String[] json = Arrays.copyOf(arguments, arguments.length + 2);
        json[arguments.length] = "--output";
        json[arguments.length + 1] = "json";
        return site.run(json);
    }

    private static boolean isHarmful(int point) {
        int type = Character.getType(point);
        return type == Character.CONTROL
                || type == Character.FORMAT
                || type == Character.LINE_SEPARATOR
                || point == 0xFDD1;
    }
}
