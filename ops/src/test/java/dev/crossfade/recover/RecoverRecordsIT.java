package dev.crossfade.recover;

import static dev.crossfade.recover.Diverged.REASON;
import static dev.crossfade.recover.Diverged.decision;
import static dev.crossfade.recover.Diverged.diverge;
import static dev.crossfade.recover.Diverged.freeze;
import static dev.crossfade.recover.Diverged.frozen;
import static dev.crossfade.recover.Diverged.name;
import static dev.crossfade.recover.Diverged.recovery;
import static dev.crossfade.recover.Diverged.standing;
import static dev.crossfade.recover.Diverged.worldAt;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.Crossfade;
import dev.crossfade.control.AuthorityTable.Standing;
import dev.crossfade.flags.StageLog.Author;
import dev.crossfade.model.InvalidInputException;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.RefusedException;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.recover.Outcome.NothingToRecover;
import dev.crossfade.recover.Outcome.Recovered;
import dev.crossfade.testing.Notes;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Users.DualWriteUsers;
import dev.crossfade.testing.Users.User;
import dev.crossfade.testing.World;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a recovery uses and leaves: records of stages, intents, missed writes, and who decided. */
class RecoverRecordsIT {

    @Test
    void intentsOfTheSideThatDoesNotDecideAreSettledWithIt() {
        try (World world = new World(Topology.TWO_DATABASES)) {
            worldAt(world, Stage.MODERN_PRIMARY);
            diverge(world);
            Notes.append(world.legacy().dsl(), "user", List.of(RecordKey.of("2"), RecordKey.of("3")));
            freeze(world);
            assertThat(recovery(world).look(Optional.empty()).stranded()).isEqualTo(2);

            assertThat(recovery(world).decide(decision(Side.LEGACY))).isInstanceOf(Recovered.class);

            assertThat(world.intents()).isZero();
            assertThat(name(world, 3)).isEqualTo("Of Legacy");
            assertThat(world.differences()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsNotFrozenIsLeftAlone(Topology topology) {
        try (World world = new World(topology)) {
            worldAt(world, Stage.DUAL_WRITE);
            diverge(world);
            Standing before = standing(world);

            assertThat(recovery(world).look(Optional.empty()).isToBeRecovered()).isFalse();
            assertThat(recovery(world).decide(decision(Side.MODERN))).isInstanceOf(NothingToRecover.class);

            assertThat(standing(world)).isEqualTo(before);
            assertThat(world.differences()).isNotEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Stage.class,
            names = {"LEGACY_ONLY", "MODERN_ONLY"})
    void withoutAMirrorOnlyTheSideThatDecidesCanWin(Stage stage) {
        try (World world = new World(Topology.TWO_DATABASES)) {
            worldAt(world, stage);
            diverge(world);
            List<String> before = world.differences();
            freeze(world);

            assertThatThrownBy(() ->
                            recovery(world).decide(decision(stage.authority().opposite())))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("not kept up to date");
            assertThat(frozen(world)).isPresent();
            assertThat(recovery(world).decide(decision(stage.authority()))).isInstanceOf(Recovered.class);

            assertThat(frozen(world)).isEmpty();
            assertThat(world.differences()).isEqualTo(before);
        }
    }

    @Test
    void aLostRecordIsMadeFromTheFence() {
        try (World world = new World(Topology.TWO_DATABASES)) {
            Crossfade service = world.start();
            DualWriteUsers users = new DualWriteUsers(service.routing());
            world.moveTo(service, Stage.MODERN_PRIMARY);
            users.save(new User(1, "1@example.org", "Ada One"));
            world.drain();
            long epoch = standing(world).epoch();
            world.legacy().execute("delete from crossfade.authority");
            diverge(world);

            assertThat(recovery(world).look(Optional.empty()).standpoint().inForce())
                    .map(Standing::stage)
                    .contains(Stage.MODERN_PRIMARY);
            assertThat(recovery(world).decide(decision(Side.MODERN))).isInstanceOf(Recovered.class);

            assertThat(standing(world).stage()).isEqualTo(Stage.MODERN_PRIMARY);
            assertThat(standing(world).epoch()).isGreaterThan(epoch);
            assertThat(world.differences()).isEmpty();
            users.save(new User(9, "9@example.org", "Ada Nine"));
            assertThat(users.find(9L)).isPresent();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRecordThatNobodyKnowsIsNamed(Topology topology) {
        try (World world = new World(topology)) {
            Crossfade service = world.start();
            DualWriteUsers users = new DualWriteUsers(service.routing());
            world.moveTo(service, Stage.DUAL_WRITE);
            users.save(new User(1, "1@example.org", "Ada One"));
            world.drain();
            long epoch = standing(world).epoch();
            world.legacy().execute("delete from crossfade.authority");
            world.modern().execute("delete from crossfade.authority");

            Picture picture = recovery(world).look(Optional.empty());
            assertThat(picture.isToBeRecovered()).isTrue();
            assertThat(picture.seen()).isEmpty();
            assertThatThrownBy(() -> recovery(world).decide(decision(Side.LEGACY)))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("--stage STAGE");
            Decision named = new Decision(
                    Side.LEGACY,
                    Optional.of(Stage.DUAL_WRITE),
                    new Author("ada", "a test"),
                    OptionalLong.empty(),
                    false);
            assertThat(recovery(world).decide(named)).isInstanceOf(Recovered.class);

            assertThat(standing(world).stage()).isEqualTo(Stage.DUAL_WRITE);
            assertThat(standing(world).epoch()).isGreaterThan(epoch);
            world.awaitAcknowledged();
            users.save(new User(2, "2@example.org", "Ada Two"));
            Awaitility.await()
                    .untilAsserted(() -> assertThat(world.differences()).isEmpty());
        }
    }

    @Test
    void aKnownStageIsNotMovedByARecovery() {
        try (World world = new World(Topology.TWO_DATABASES)) {
            worldAt(world, Stage.DUAL_WRITE);
            freeze(world);
            Decision moving = new Decision(
                    Side.LEGACY,
                    Optional.of(Stage.MODERN_PRIMARY),
                    new Author("ada", "a test"),
                    OptionalLong.empty(),
                    false);

            assertThatThrownBy(() -> recovery(world).decide(moving))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("does not move it");
            assertThat(standing(world).stage()).isEqualTo(Stage.DUAL_WRITE);
        }
    }

    /** Its intent is gone, and the mirror has an older row than the authoritative side, or none. */
    @Test
    void aMissedWriteIsKeptThoughTheMirrorWins() {
        try (World world = new World(Topology.TWO_DATABASES)) {
            DualWriteUsers users = worldAt(world, Stage.DUAL_WRITE);
            world.modern().execute("alter table modern.accounts add check (full_name not like '%Unfit')");
            users.save(new User(3, "3@example.org", "Ada Unfit"));
            users.save(new User(11, "11@example.org", "New Unfit"));
            users.save(new User(4, "4@example.org", "Was Unfit"));
            Awaitility.await().untilAsserted(() -> assertThat(missed(world)).containsExactlyInAnyOrder("3", "4", "11"));
            users.save(new User(4, "4@example.org", "Ada Fitting"));
            Awaitility.await().untilAsserted(() -> assertThat(world.intents()).isZero());
            // As the server's promotion would have left it: the mirror has a later version.
            world.legacy().execute("update legacy.users set first_name = 'Was', last_name = 'Unfit' where id = 4");
            freeze(world);

            assertThat(recovery(world).look(Optional.empty()).losses())
                    .filteredOn(one -> one.winner() == Side.MODERN)
                    .singleElement()
                    .extracting(Losses::destroyed)
                    .isEqualTo(1L);
            assertThat(recovery(world).decide(decision(Side.MODERN))).isInstanceOf(Recovered.class);

            assertThat(name(world, 3)).isEqualTo("Ada Unfit");
            assertThat(name(world, 11)).isEqualTo("New Unfit");
            assertThat(name(world, 4)).isEqualTo("Ada Fitting");
        }
    }

    private static List<String> missed(World world) {
        return world.legacy()
                .dsl()
                .fetch("select key[1] from crossfade.missed_write")
                .map(row -> row.get(0, String.class));
    }

    /** Between the read of a key and its insertion somebody writes and deletes it: it must not come back. */
    @Test
    void aKeyThatWasDeletedMeanwhileDoesNotComeBack() {
        try (World world = new World(Topology.TWO_DATABASES)) {
            DualWriteUsers users = worldAt(world, Stage.DUAL_WRITE);
            world.modern().execute("insert into modern.accounts values (101, '101@example.org', 'Of Modern')");
            freeze(world);
            world.legacy().execute("""
                    create function public.meanwhile() returns trigger language plpgsql as $$ begin
                        insert into crossfade.intent (entity, key) values ('user', array['101']);
                        return new;
                    end $$;
                    create trigger meanwhile before insert on legacy.users for each row execute function public.meanwhile();
                    """);

            assertThat(recovery(world).decide(decision(Side.MODERN))).isInstanceOf(Recovered.class);

            assertThat(users.find(101L)).isEmpty();
        }
    }

    @Test
    void whoDecidedAndWhyIsOnRecord() {
        try (World world = new World(Topology.TWO_DATABASES)) {
            worldAt(world, Stage.DUAL_WRITE);
            diverge(world);
            freeze(world);
            recovery(world).decide(decision(Side.LEGACY));

            assertThat(world.legacy()
                            .dsl()
                            .fetchSingle(
                                    "select winner, decided_by, reason, frozen, destroyed, finished_at is not null from crossfade.recovery")
                            .intoList())
                    .containsExactly("LEGACY", "ada", "a test", REASON, 2L, true);
        }
    }

    @Test
    void aDecisionWithoutAReasonIsRefused() {
        assertThatThrownBy(() -> new Decision(
                        Side.LEGACY, Optional.empty(), new Author("ada", " "), OptionalLong.empty(), false))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("--reason");
    }
}
