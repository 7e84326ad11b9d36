package dev.crossfade.flags;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.flags.StageChanger.Change;
import dev.crossfade.flags.StageChanger.Request;
import dev.crossfade.flags.StageLog.Author;
import dev.crossfade.model.InvalidInputException;
import dev.crossfade.model.RefusedException;
import dev.crossfade.model.Stage;
import dev.crossfade.testing.Users;
import dev.crossfade.testing.Users.DualWriteUsers;
import dev.crossfade.testing.Users.User;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Gates keep flags from moving stages, until they are open or somebody overrules them and says why. */
class FlagGatesIT extends FlaggedUsers {

    @Test
    void closedGatesRefuseAndSayWhatToDo() {
        set("dual-write", true);
        world.awaitAcknowledged();

        assertThatThrownBy(() -> set("shadow-read", true))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("Gate 'backfill complete' is closed for user")
                .hasMessageContaining("Run `crossfade backfill user`");
        assertThat(stage()).isEqualTo(Stage.DUAL_WRITE);

        backfilled("now() - interval '1 hour'", "now()");
        assertThatThrownBy(() -> set("shadow-read", true))
                .as("a backfill that began before the mirror was switched on")
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("backfill complete");

        backfilled("now()", "now()");
        set("shadow-read", true);
        assertThat(stage()).isEqualTo(Stage.SHADOW_READ);
        world.awaitAcknowledged();
        assertThatThrownBy(() -> set("modern-read", true))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("Gate 'verification clean' is closed for user: the sides were never compared")
                .hasMessageContaining("Run `crossfade verify user`");
    }

    @Test
    void differencesAndMissedWritesKeepReadsFromMoving() {
        world.moveTo(crossfade, Stage.SHADOW_READ);
        backfilled("now()", "now()");
        verified(3);
        world.legacy().execute("""
                insert into crossfade.missed_write (entity, key, mirror, attempts, sql_state, message, next_try_at)
                values ('user', '{1}', 'MODERN', 1, '22001', 'too long', now())
                """);

        assertThatThrownBy(() -> set("modern-read", true))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("found 3 differences")
                .hasMessageContaining("--repair")
                .hasMessageContaining("1 missed writes; required: at most 10000 intents")
                .hasMessageContaining("0 comparisons; required: at least 100")
                .hasMessageContaining("crossfade queue list user");

        world.legacy().execute("delete from crossfade.missed_write");
        verified(0);
        compared(100);
        set("modern-read", true);
        assertThat(stage()).isEqualTo(Stage.MODERN_READ);
    }

    @Test
    void anInstanceThatIsBehindKeepsTheStageFromMoving() {
        DualWriteUsers users = new DualWriteUsers(crossfade.routing());
        crossfade.transaction(tx -> {
            users.in(tx).save(new User(1, "a@example.org", "A"));
            set("dual-write", true);
            assertThatThrownBy(() -> set("dual-write", false))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("Gate 'fleet acknowledged' is closed for user")
                    .hasMessageContaining("longest transaction");
            return null;
        });
        world.awaitAcknowledged();
        set("dual-write", false);
    }

    @Test
    void aGateIsOverruledOnlyWithAReasonAndThatIsKept() {
        set("dual-write", true);
        world.awaitAcknowledged();

        assertThatThrownBy(() -> force(null)).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> force(" "))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("--reason");
        List<Change> changes = force("the table is empty");

        assertThat(changes)
                .singleElement()
                .satisfies(change -> assertThat(change.overruled()).containsOnlyKeys("backfill complete"));
        assertThat(history().getFirst()).satisfies(entry -> {
            assertThat(entry.forced()).isTrue();
            assertThat(entry.by()).isEqualTo("grace");
            assertThat(entry.reason()).isEqualTo("the table is empty");
        });
        assertThat(history().getFirst().overruled()).containsExactly("backfill complete");
        assertThat(control()
                        .fetchValue("select jsonb_path_exists(gates, '$[*] ? (@.gate == \"backfill complete\""
                                + " && @.state == \"closed\" && @.seen == \"there was no backfill\""
                                + " && @.required starts with \"a finished\")')"
                                + " and jsonb_path_exists(gates,"
                                + " '$[*] ? (@.gate == \"mapping valid\" && @.state == \"open\")')"
                                + " from crossfade.stage_change where forced"))
                .isEqualTo(true);
    }

    @Test
    void everyClosedGateIsNamedAndOneThatCannotBeLookedAtIsClosed() {
        world.moveTo(crossfade, Stage.SHADOW_READ);
        world.legacy()
                .execute(
                        "alter table modern.accounts rename column full_name to name",
                        "drop table crossfade.shadow_tally");

        assertThatThrownBy(() -> set("modern-read", true))
                .hasMessageContaining("Gate 'mapping valid' is closed for user")
                .hasMessageContaining("full_name")
                .hasMessageContaining("Gate 'backfill complete' is closed for user")
                .hasMessageContaining("Gate 'verification clean' is closed for user")
                .hasMessageContaining("Gate 'shadow reads agree' is closed for user: it cannot be looked at: ")
                .hasMessageContaining("shadow_tally")
                .hasMessageNotContaining("'stable'");
        set("shadow-read", false);
        assertThat(stage()).as("the way back asks none of them").isEqualTo(Stage.DUAL_WRITE);
    }

    private List<Change> force(String reason) {
        return crossfade
                .stages()
                .change(new Request(List.of("user"), Stage.SHADOW_READ, new Author("grace", reason), true));
    }

    private void backfilled(String started, String finished) {
        world.legacy().execute("delete from crossfade.backfill", """
                insert into crossfade.backfill (entity, epoch, state, rows_total, started_at, finished_at)
                values ('user', 1, 'COMPLETE', 0, %s, %s)
                """.formatted(started, finished));
        control().execute("update crossfade.backfill set evidence = ?", (Object) evidence());
    }

    private void verified(int differences) {
        control()
                .execute(
                        "insert into crossfade.verification (entity, state, finished_at, differences, evidence)"
                                + " values ('user', 'FINISHED', now(), ?, ?)",
                        differences,
                        evidence());
    }

    private void compared(int reads) {
        control()
                .execute(
                        "insert into crossfade.shadow_tally (entity, instance, bucket, compared, proves)"
                                + " values ('user', gen_random_uuid(), date_trunc('minute', now()), ?, ?)",
                        reads,
                        Users.MAPPING.evidence(world.databases()).lasting());
    }

    private String[] evidence() {
        return Users.MAPPING.proof(world.databases()).texts();
    }
}
