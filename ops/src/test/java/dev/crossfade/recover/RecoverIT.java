package dev.crossfade.recover;

import static dev.crossfade.recover.Diverged.REASON;
import static dev.crossfade.recover.Diverged.decision;
import static dev.crossfade.recover.Diverged.diverge;
import static dev.crossfade.recover.Diverged.freeze;
import static dev.crossfade.recover.Diverged.frozen;
import static dev.crossfade.recover.Diverged.ids;
import static dev.crossfade.recover.Diverged.name;
import static dev.crossfade.recover.Diverged.recovery;
import static dev.crossfade.recover.Diverged.standing;
import static dev.crossfade.recover.Diverged.worldAt;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.Crossfade;
import dev.crossfade.control.AuthorityTable;
import dev.crossfade.control.AuthorityTable.Fence;
import dev.crossfade.control.AuthorityTable.Standing;
import dev.crossfade.control.IdentityWatch;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.RefusedException;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.model.UnavailableException;
import dev.crossfade.recover.Outcome.HeldBack;
import dev.crossfade.recover.Outcome.Recovered;
import dev.crossfade.recover.Outcome.Unfinished;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Traffic;
import dev.crossfade.testing.Users.DualWriteUsers;
import dev.crossfade.testing.Users.User;
import dev.crossfade.testing.World;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What each side has alone, and what is left after either side has won. */
class RecoverIT {

    static Stream<Arguments> everyWay() {
        return Stream.of(Topology.values())
                .flatMap(topology -> Stream.of(Stage.DUAL_WRITE, Stage.MODERN_READ, Stage.MODERN_PRIMARY)
                        .flatMap(stage ->
                                Stream.of(Side.values()).map(winner -> Arguments.of(topology, stage, winner))));
    }

    @ParameterizedTest
    @MethodSource("everyWay")
    void theWinnersRowsAreKeptAndTheStageDoesNotMove(Topology topology, Stage stage, Side winner) {
        try (World world = new World(topology)) {
            DualWriteUsers users = worldAt(world, stage);
            diverge(world);
            if (stage.authority() == Side.LEGACY) {
                // Differs from the projection: the mirror follows by the intent of the written row.
                world.modern().execute("update modern.accounts set email = '101@Example.org' where account_id = 101");
            }
            freeze(world);
            Standing before = standing(world);

            Outcome outcome = recovery(world).decide(decision(winner));

            assertThat(outcome).isInstanceOfSatisfying(Recovered.class, done -> {
                assertThat(done.unfit()).isEmpty();
                assertThat(done.changed()).isEqualTo(3);
                assertThat(done.losses().destroyed()).isEqualTo(2);
                assertThat(done.backlog()).isZero();
            });
            assertThat(standing(world).stage()).isEqualTo(stage);
            assertThat(standing(world).epoch()).isGreaterThan(before.epoch());
            assertThat(world.differences()).isEmpty();
            assertThat(world.intents()).isZero();
            if (winner == Side.LEGACY) {
                assertThat(ids(world)).contains(2).doesNotContain(101);
                assertThat(name(world, 3)).isEqualTo("Of Legacy");
            } else {
                assertThat(ids(world)).contains(101).doesNotContain(2);
                assertThat(name(world, 3)).isEqualTo("Of Modern");
            }
            assertThat(frozen(world)).isEmpty();
            users.save(new User(500, "500@example.org", "After All"));
            Awaitility.await()
                    .untilAsserted(() -> assertThat(world.differences()).isEmpty());
        }
    }

    @ParameterizedTest
    @MethodSource("everyWay")
    void aLookListsWhatEachDecisionCostsAndChangesNothing(Topology topology, Stage stage, Side winner) {
        try (World world = new World(topology)) {
            worldAt(world, stage);
            diverge(world);
            freeze(world);
            List<String> before = world.differences();

            Picture picture = recovery(world).look(Optional.empty());

            assertThat(picture.isToBeRecovered()).isTrue();
            assertThat(picture.standpoint().frozen()).contains(REASON);
            assertThat(picture.seen().orElseThrow().listed())
                    .extracting(one ->
                            one.difference().key() + " " + one.difference().kind())
                    .containsExactlyInAnyOrder(
                            RecordKey.of("2") + " missing",
                            RecordKey.of("101") + " extra",
                            RecordKey.of("3") + " different");
            assertThat(picture.losses())
                    .filteredOn(one -> one.winner() == winner)
                    .singleElement()
                    .satisfies(one -> {
                        assertThat(one.deleted()).isEqualTo(1);
                        assertThat(one.overwritten()).isEqualTo(1);
                        assertThat(one.added()).isEqualTo(1);
                        assertThat(one.allowed()).isEqualTo(100);
                    });
            assertThat(world.differences()).isEqualTo(before);
            assertThat(frozen(world)).isPresent();
            assertThat(world.legacy().dsl().fetchValue("select count(*) from crossfade.verification"))
                    .isEqualTo(0L);
        }
    }

    /** What was written since on the authoritative side is newer than anything on the other one. */
    @ParameterizedTest
    @EnumSource(
            value = Stage.class,
            names = {"DUAL_WRITE", "MODERN_PRIMARY"})
    void whatWasWrittenSinceIsKeptWhoeverWins(Stage stage) {
        try (World world = new World(Topology.TWO_DATABASES)) {
            DualWriteUsers users = worldAt(world, stage);
            diverge(world);
            freeze(world);
            users.save(new User(3, "3@example.org", "Written Since"));
            users.delete(4L);
            Side mirror = stage.authority().opposite();
            assertThat(recovery(world)
                            .look(Optional.empty())
                            .seen()
                            .orElseThrow()
                            .written())
                    .isEqualTo(2);

            assertThat(recovery(world).decide(decision(mirror))).isInstanceOf(Recovered.class);

            assertThat(name(world, 3)).isEqualTo("Written Since");
            assertThat(ids(world)).doesNotContain(4);
            assertThat(world.differences()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("everyWay")
    void nothingAcknowledgedIsLostUnderTraffic(Topology topology, Stage stage, Side winner) {
        try (World world = new World(topology)) {
            DualWriteUsers users = worldAt(world, stage);
            diverge(world);
            // Nobody writes 9 and 101, unlike the keys that all writers share.
            world.modern().execute("delete from modern.accounts where account_id = 9");
            Crossfade service = world.start();
            DualWriteUsers routed = new DualWriteUsers(service.routing());
            Traffic traffic = new Traffic(service, routed, 3, 7);
            try (traffic) {
                Awaitility.await().until(() -> traffic.operations() > 50);
                freeze(world);
                long seen = traffic.operations();
                Awaitility.await().until(() -> traffic.operations() > seen + 50);

                assertThat(recovery(world).decide(decision(winner))).isInstanceOf(Recovered.class);

                long after = traffic.operations();
                Awaitility.await().until(() -> traffic.operations() > after + 50);
            }
            assertThat(traffic.failures()).isEmpty();
            world.drain();
            assertThat(world.differences()).isEmpty();
            traffic.acknowledged()
                    .forEach((id, user) -> assertThat(users.find(id)).isEqualTo(user));
            assertThat(ids(world))
                    .contains(winner == Side.LEGACY ? 9 : 101)
                    .doesNotContain(winner == Side.LEGACY ? 101 : 9);
        }
    }

    @Test
    void moreThanWasAgreedToIsHeldBack() {
        try (World world = new World(Topology.TWO_DATABASES)) {
            worldAt(world, Stage.DUAL_WRITE);
            world.legacy()
                    .execute(
                            "insert into legacy.users select i, i || '@b.org', 'B', 'C' from generate_series(1001, 1150) i");
            freeze(world);

            assertThat(recovery(world).decide(decision(Side.MODERN))).isInstanceOfSatisfying(HeldBack.class, held -> {
                assertThat(held.losses().destroyed()).isEqualTo(150);
                assertThat(held.allowed()).isEqualTo(100);
            });
            assertThat(frozen(world)).isPresent();
            assertThat(ids(world)).contains(1001, 1150);
            // Nothing was carried out, so the other side may still win.
            assertThat(recovery(world).decide(decision(Side.MODERN, 149, false)))
                    .isInstanceOf(HeldBack.class);
            assertThat(recovery(world).decide(decision(Side.MODERN, 150, false)))
                    .isInstanceOf(Recovered.class);
            assertThat(ids(world)).doesNotContain(1001, 1150).contains(1, 10);
            assertThat(world.differences()).isEmpty();
        }
    }

    /** Legacy addresses are unique here, and one of the mirror's is taken. */
    @Test
    void aRowThatDoesNotFitKeepsTheEntityFrozen() {
        try (World world = new World(Topology.TWO_DATABASES)) {
            worldAt(world, Stage.DUAL_WRITE);
            diverge(world);
            world.legacy().execute("alter table legacy.users add check (id <> 101)");
            freeze(world);

            assertThat(recovery(world).decide(decision(Side.MODERN))).isInstanceOfSatisfying(Unfinished.class, part -> {
                assertThat(part.unfit()).containsOnlyKeys(RecordKey.of("101"));
                assertThat(part.changed()).isEqualTo(2);
            });
            assertThat(frozen(world)).isPresent();
            assertThat(recovery(world).look(Optional.empty()).begun()).isPresent();
            assertThatThrownBy(() -> recovery(world).decide(decision(Side.LEGACY)))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("--winner modern");

            assertThat(recovery(world).decide(decision(Side.MODERN, 100, true))).isInstanceOf(Recovered.class);
            assertThat(frozen(world)).isEmpty();
            assertThat(world.differences()).singleElement().asString().contains("101");
        }
    }

    @Test
    void valuesThatAreGivenUpByOtherRowsAreNoObstacle() {
        try (World world = new World(Topology.ONE_DATABASE)) {
            worldAt(world, Stage.MODERN_PRIMARY);
            // Modern is authoritative and its addresses are unique: 5 takes the address that 6 gives up, 7 that of the
            // deleted 8.
            world.legacy().execute("""
                    update legacy.users set email = 'x6@example.org' where id = 6;
                    update legacy.users set email = '6@example.org' where id = 5;
                    update legacy.users set email = '8@example.org' where id = 7;
                    delete from legacy.users where id = 8;
                    """);
            freeze(world);

            assertThat(recovery(world).decide(decision(Side.LEGACY))).isInstanceOf(Recovered.class);
            assertThat(world.differences()).isEmpty();
            assertThat(ids(world)).doesNotContain(8);
        }
    }

    /** The third written row cuts the connection: two are committed before, or none, but never without intents. */
    @ParameterizedTest
    @EnumSource(value = Side.class)
    void anInterruptedRecoveryIsCompletedByTheSameCall(Side winner) {
        try (World world = new World(Topology.TWO_DATABASES)) {
            worldAt(world, Stage.DUAL_WRITE);
            diverge(world);
            world.legacy()
                    .execute(
                            "insert into legacy.users select i, i || '@b.org', 'B', 'C' from generate_series(1001, 1900) i");
            freeze(world);
            world.legacy().execute("""
                    create sequence public.cut;
                    create function public.cut() returns trigger language plpgsql as $$ begin
                        if nextval('public.cut') > 300 then raise exception 'cut' using errcode = '57P01'; end if;
                        return null;
                    end $$;
                    create trigger cut after insert on crossfade.intent for each row execute function public.cut();
                    """);

            assertThatThrownBy(() -> recovery(world).decide(decision(winner, 2000, false)))
                    .isInstanceOf(UnavailableException.class);

            assertThat(frozen(world)).isPresent();
            Picture picture = recovery(world).look(Optional.empty());
            assertThat(picture.begun())
                    .map(RecoveryLog.RecordedRecovery::winner)
                    .contains(winner);
            world.legacy().execute("drop function public.cut() cascade");
            assertThat(recovery(world).decide(decision(winner, 2000, false))).isInstanceOf(Recovered.class);
            assertThat(frozen(world)).isEmpty();
            world.drain();
            assertThat(world.differences()).isEmpty();
            assertThat(ids(world).contains(1900)).isEqualTo(winner == Side.LEGACY);
            assertThat(ids(world).contains(101)).isEqualTo(winner == Side.MODERN);
        }
    }

    /** The other entity stays frozen by its own row; the first recovery accepts the databases as they are. */
    @Test
    void aChangedIdentityIsAcceptedAndNotNoticedAgain() {
        try (World world = new World(Topology.TWO_DATABASES)) {
            worldAt(world, Stage.MODERN_PRIMARY);
            AuthorityTable.register(world.legacy().dsl(), "order");
            AuthorityTable.register(world.modern().dsl(), "order");
            world.modern().execute("update crossfade.identity set timeline = timeline + 7");
            Awaitility.await().until(() -> frozen(world).isPresent());

            assertThat(recovery(world).look(Optional.empty()).databases())
                    .filteredOn(one -> one.side() == Side.MODERN)
                    .singleElement()
                    .satisfies(one -> assertThat(one.change()).isPresent());
            assertThat(recovery(world).decide(decision(Side.MODERN))).isInstanceOf(Recovered.class);

            assertThat(new IdentityWatch(world.databases()).look()).isEmpty();
            assertThat(frozen(world)).isEmpty();
            assertThat(AuthorityTable.fence(world.legacy().dsl(), "order").flatMap(Fence::frozen))
                    .isPresent();
            assertThat(AuthorityTable.fence(world.modern().dsl(), "order").flatMap(Fence::frozen))
                    .isPresent();
        }
    }

    /** A check that began before the databases were accepted must not freeze them afterwards. */
    @Test
    void whoLooksAllTheTimeFreezesNothingThatWasRecovered() throws InterruptedException {
        try (World world = new World(Topology.TWO_DATABASES)) {
            worldAt(world, Stage.DUAL_WRITE);
            AtomicBoolean ended = new AtomicBoolean();
            Thread looking = new Thread(() -> {
                IdentityWatch watch = new IdentityWatch(world.databases());
                while (!ended.get()) {
                    watch.look();
                }
            });
            looking.start();
            try {
                for (int i = 0; i < 10; i++) {
                    world.modern().execute("update crossfade.identity set timeline = timeline + 7");
                    Awaitility.await().until(() -> frozen(world).isPresent());
                    assertThat(recovery(world).decide(decision(Side.LEGACY))).isInstanceOf(Recovered.class);
                    assertThat(new IdentityWatch(world.databases()).look()).isEmpty();
                    assertThat(frozen(world)).isEmpty();
                }
            } finally {
                ended.set(true);
                looking.join();
            }
        }
    }
}
