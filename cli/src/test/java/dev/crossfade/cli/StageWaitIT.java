package dev.crossfade.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.cli.Site.Topology;
import dev.crossfade.testing.StoppableServer;
import dev.crossfade.testing.TestDatabase;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A step that waits for its gates. */
class StageWaitIT {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource
    void theStepIsMadeOnceSomebodyElseHasOpenedTheGate(Topology topology) {
        try (Site site = Site.create(folder, topology)) {
            site.insertUsers(1, 20);
            site.moveTo("dual-write", "user");

            try (Running waiting = site.start("stage", "--to", "shadow-read", "--output", "json", "--wait", "user")) {
                waiting.awaitErr("Waiting: gate 'backfill complete' is closed for user: there was no backfill;");
                assertThat(waiting.err()).contains("Run `crossfade backfill user`.");
                assertThat(site.run("backfill", "user").code()).isZero();
                Ran ran = waiting.finish();

                assertThat(ran.code()).isZero();
                assertThat(ran.json().at("/changes/0/to").asString()).isEqualTo("shadow-read");
                assertThat(ran.json().at("/waitedSeconds").asDouble()).isPositive();
                assertThat(ran.err()).contains("Gate 'backfill complete' is open for user now.");
                assertThat(ran.err().lines().count())
                        .as("a line when something changes:%n%s", ran.err())
                        .isLessThanOrEqualTo(4);
            }
        }
    }

    /** The gate knows the time left. */
    @Test
    void aStayThatIsTooShortIsWaitedFor() {
        try (Site site = Site.create(folder, Topology.ONE_DATABASE)) {
            site.moveTo("dual-write", "user");

            Ran backfilled = site.run("backfill", "user");
            Ran ran = site.run("stage", "user", "--to", "shadow-read", "--gate-stable-for", "15s", "--wait=2m");

            assertThat(backfilled.code()).isZero();
            assertThat(ran.code()).isZero();
            assertThat(ran.err()).contains("gate 'stable' is closed for user").contains(" left");
            assertThat(ran.out()).contains("user moved from dual-write to shadow-read.");
        }
    }

    @Test
    void whatWaitingCannotOpenIsRefusedAtOnce() {
        try (Site site = Site.create(folder, Topology.TWO_DATABASES)) {
            site.insertUsers(1, 20);
            site.install();
            site.modern()
                    .execute(
                            "create function modern.cut() returns trigger language plpgsql as 'begin new.full_name := left(new.full_name, 2); return new; end'",
                            "create trigger cut before insert or update on modern.accounts for each row execute function modern.cut()");

            Ran mapping = site.run("stage", "user", "--to", "dual-write", "--wait");
            assertThat(mapping.code()).isEqualTo(3);
            assertThat(mapping.err())
                    .contains("Gate 'mapping valid' is closed for user")
                    .doesNotContain("Waiting");

            Ran skip = site.run("stage", "order", "--to", "shadow-read", "--wait");
            assertThat(skip.code()).isEqualTo(3);
            assertThat(skip.err()).contains("Go one step at a time.").doesNotContain("Waiting");
        }
    }

    /** A second gate that waiting cannot open ends the wait for the first one. */
    @Test
    void oneGateThatNeedsSomebodyIsEnoughToRefuse() {
        try (Site site = Site.create(folder, Topology.ONE_DATABASE)) {
            site.insertUsers(1, 20);
            site.moveTo("shadow-read", "user");
            assertThat(site.run("verify", "user").code()).isEqualTo(1);

            Ran ran = site.run("stage", "user", "--to", "modern-read", "--wait");

            assertThat(ran.code()).isEqualTo(3);
            assertThat(ran.err())
                    .contains("Gate 'verification clean' is closed for user: the last comparison found 20 differences")
                    .contains("Gate 'shadow reads agree' is closed for user: 0 comparisons")
                    .doesNotContain("Waiting");
        }
    }

    @Test
    void theWaitHasALimitAndNothingIsChangedThen() {
        try (Site site = Site.create(folder, Topology.ONE_DATABASE)) {
            site.moveTo("dual-write", "user");

            Ran ran = site.run("stage", "--wait", "1s", "user", "--to", "shadow-read", "--output", "json");

            assertThat(ran.code()).isEqualTo(3);
            assertThat(ran.out()).isEmpty();
            assertThat(ran.err())
                    .contains("Waited for 1 s in vain; nothing was changed.")
                    .contains("Gate 'backfill complete' is closed for user: there was no backfill;");
            assertThat(site.run("stage", "user", "--output", "json")
                            .json()
                            .at("/entities/0/stage")
                            .asString())
                    .isEqualTo("dual-write");
        }
    }

    @Test
    void whoeverInterruptsItIsToldThatNothingWasChanged() {
        try (Site site = Site.create(folder, Topology.ONE_DATABASE)) {
            site.moveTo("dual-write", "user");

            try (Running waiting = site.start("stage", "user", "--to", "shadow-read", "--wait")) {
                waiting.awaitErr("Waiting: gate 'backfill complete'");
                Ran ran = waiting.terminate().finish();

                assertThat(ran.code()).isEqualTo(3);
                assertThat(ran.out()).isEmpty();
                assertThat(ran.err()).contains("The wait was interrupted; nothing was changed.");
            }
        }
    }

    @Test
    void aDatabaseThatIsRestartedMeanwhileIsWaitedForToo() {
        try (StoppableServer server = StoppableServer.createDurable();
                TestDatabase database = server.createDatabase()) {
            Site site = Site.on(folder, database, database);
            site.moveTo("dual-write", "user");

            try (Running waiting = site.start("stage", "user", "--to", "shadow-read", "--wait")) {
                waiting.awaitErr("Waiting: gate 'backfill complete'");
                server.stop();
                waiting.awaitErr("The database cannot be used, waiting for it");
                server.start();
                waiting.awaitErr("The database answers again.");
                assertThat(site.run("backfill", "user").code()).isZero();

                assertThat(waiting.finish().out()).contains("user moved from dual-write to shadow-read.");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void onlyAStepWaits(Misuse misuse) {
        try (Site site = Site.create(folder, Topology.ONE_DATABASE)) {
            Ran ran = site.run(misuse.line.split(" "));

            assertThat(ran.code()).isEqualTo(2);
            assertThat(ran.err()).contains(misuse.message);
        }
    }

    private enum Misuse {
        WITHOUT_A_STEP("belong to --to", "stage user --wait"),
        WITH_FORCE("--force and --wait contradict", "stage user --to dual-write --wait --force"),
        NO_TIME("not 'soon'", "stage user --to dual-write --wait=soon");

        private final String message;
        private final String line;

        Misuse(String message, String line) {
            this.message = message;
            this.line = line;
        }
    }
}
