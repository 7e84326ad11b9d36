package dev.crossfade.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.testing.StoppableServer;
import dev.crossfade.testing.TestDatabase;
import dev.crossfade.testing.TestDatabases;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator can still do while the modern database is down: look, and take the reads back. */
class OutageIT {

    @TempDir
    private Path folder;

    private StoppableServer server;
    private TestDatabase modern;
    private Site site;

    @BeforeEach
    void stopTheModernServer() {
        server = StoppableServer.createDurable();
        modern = server.createDatabase();
        site = Site.on(folder, TestDatabases.create(), modern);
        site.insertUsers(1, 10);
        site.moveTo("modern-read", "user");
        server.stop();
    }

    @AfterEach
    void close() {
        site.legacy().close();
        server.close();
    }

    @Test
    void statusShowsWhatCanBeSeenAndSaysWhatCannot() {
        Ran text = site.run("status");
        Ran json = site.run("status", "--output", "json");

        assertThat(text.code()).isEqualTo(1);
        assertThat(text.out()).contains("cannot be used").contains("modern-read");
        assertThat(text.err()).contains("The modern database at").contains("cannot be reached: connection refused.");
        assertThat(json.code()).isEqualTo(1);
        assertThat(json.json().at("/databases/1/problem").asString()).contains("cannot be reached");
        assertThat(json.json().at("/entities")).hasSize(2);
    }

    @Test
    void readsAreTakenBackToTheLegacySide() {
        assertThat(site.run("flags", "ramp", "user", "0").code()).isZero();
        Ran back = site.run("stage", "user", "--to", "shadow-read");

        assertThat(back.err()).isEmpty();
        assertThat(back.code()).isZero();
        assertThat(back.out()).contains("user moved from modern-read to shadow-read.");
        assertThat(site.run("stage", "user").out()).contains("user stands at shadow-read");
        assertThat(site.run("queue", "retry").code()).isZero();
    }

    @Test
    void whatNeedsTheModernDatabaseSaysSo() {
        for (String command : new String[] {"backfill user", "verify user", "worker --once", "migrate status"}) {
            site.write("migrations/V1__nothing.up.sql", "select 1;");
            Ran ran = site.run(command.split(" "));

            assertThat(ran.code()).as(command).isEqualTo(1);
            assertThat(ran.out()).isEmpty();
            assertThat(ran.err()).contains("The modern database at").contains("connection refused");
        }
    }

    @Test
    void theAuthorityDoesNotMove() {
        Ran refused = site.run("stage", "user", "--to", "modern-primary", "--force", "--reason", "a test");

        assertThat(refused.code()).isNotZero();
        assertThat(refused.out()).isEmpty();
        assertThat(refused.err()).doesNotContain("nobody expected");
        assertThat(site.run("stage", "user").out()).contains("user stands at modern-read");
    }

    /** The schema may have been lost; only the modern database can tell. */
    @Test
    void noControlSchemaIsMade() {
        site.legacy().execute("drop schema crossfade cascade");

        for (String command : new String[] {"stage user --to shadow-read", "queue retry"}) {
            Ran refused = site.run(command.split(" "));

            assertThat(refused.code()).as(command).isEqualTo(1);
            assertThat(refused.err()).contains("The modern database at").contains("connection refused");
        }
        assertThat(site.legacy().dsl().fetchValue("select to_regnamespace('crossfade') is null"))
                .isEqualTo(true);
    }
}
