package dev.crossfade.recover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.Crossfade;
import dev.crossfade.control.AuthorityTable;
import dev.crossfade.control.AuthorityTable.Fence;
import dev.crossfade.control.AuthorityTable.Standing;
import dev.crossfade.control.IdentityWatch;
import dev.crossfade.flags.StageLog.Author;
import dev.crossfade.model.InvalidInputException;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.RefusedException;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.model.UnavailableException;
import dev.crossfade.recover.Outcome.HeldBack;
import dev.crossfade.recover.Outcome.NothingToRecover;
import dev.crossfade.recover.Outcome.Recovered;
import dev.crossfade.recover.Outcome.Unfinished;
import dev.crossfade.testing.Notes;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Traffic;
import dev.crossfade.testing.Users;
import dev.crossfade.testing.Users.DualWriteUsers;
import dev.crossfade.testing.Users.User;
import dev.crossfade.testing.World;
import dev.crossfade.verify.VerificationListener;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What each side has alone, and what is left after either has won. */
class RecoverIT {

    private static final String REASON = "the modern database is not what it was: it has gone back in time.";

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
                // Not as the projection has it: the mirror follows by the intent of the row that is written.
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

    /** What was written since on the side that decides is newer than whatever the other one has. */
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
            // Nothing was carried out, so the other side may still be decided for.
            assertThat(recovery(world).decide(decision(Side.MODERN, 149, false)))
                    .isInstanceOf(HeldBack.class);
            assertThat(recovery(world).decide(decision(Side.MODERN, 150, false)))
                    .isInstanceOf(Recovered.class);
            assertThat(ids(world)).doesNotContain(1001, 1150).contains(1, 10);
            assertThat(world.differences()).isEmpty();
        }
    }

    /** Legacy addresses are unique here, and one that the mirror has is taken. */
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
            // Modern decides and its addresses are unique: 5 takes what 6 gives up, 7 what the deleted 8 had.
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

    /** The third row that is written cuts the connection: two are committed before, or none, but never without intents. */
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
            assertThat(picture.begun()).map(RecoveryLog.Entry::winner).contains(winner);
            world.legacy().execute("drop function public.cut() cascade");
            assertThat(recovery(world).decide(decision(winner, 2000, false))).isInstanceOf(Recovered.class);
            assertThat(frozen(world)).isEmpty();
            world.drain();
            assertThat(world.differences()).isEmpty();
            assertThat(ids(world).contains(1900)).isEqualTo(winner == Side.LEGACY);
            assertThat(ids(world).contains(101)).isEqualTo(winner == Side.MODERN);
        }
    }

    /** The other entity stays frozen by its own row; the databases are taken for what they are at the first recovery. */
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

    /** A look that began before the databases were accepted must not freeze them afterwards. */
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

    /** Its intent has gone, and the mirror has an older row than the authoritative side, or none. */
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

    /** Between the look at a key and its insertion somebody writes and deletes it: it must not come back. */
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

    private static DualWriteUsers worldAt(World world, Stage stage) {
        DualWriteUsers users = world.usersAt(Stage.DUAL_WRITE);
        users.saveAll(IntStream.rangeClosed(1, 10)
                .mapToObj(i -> new User(i, i + "@example.org", "Ada Nr" + i))
                .toList());
        world.drain();
        Crossfade mover = world.start();
        assertThat(new DualWriteUsers(mover.routing()).find(1L)).isPresent();
        world.moveTo(mover, stage);
        world.stop(mover);
        world.awaitAcknowledged();
        return users;
    }

    /** 2 is gone from the modern side, 101 is there alone, 3 differs. */
    private static void diverge(World world) {
        world.modern().execute("""
                delete from modern.accounts where account_id = 2;
                insert into modern.accounts values (101, '101@example.org', 'Of Modern');
                update modern.accounts set full_name = 'Of Modern' where account_id = 3;
                """);
        world.legacy().execute("update legacy.users set first_name = 'Of', last_name = 'Legacy' where id = 3");
    }

    private static void freeze(World world) {
        AuthorityTable.freeze(world.legacy().dsl(), "user", REASON);
        AuthorityTable.freeze(world.modern().dsl(), "user", REASON);
    }

    private static Optional<String> frozen(World world) {
        return Stream.of(world.legacy(), world.modern())
                .flatMap(database -> AuthorityTable.fence(database.dsl(), "user").flatMap(Fence::frozen).stream())
                .findFirst();
    }

    private static Recovery recovery(World world) {
        return new Recovery(world.databases(), Users.MAPPING, VerificationListener.NONE);
    }

    private static Decision decision(Side winner) {
        return new Decision(winner, Optional.empty(), new Author("ada", "a test"), OptionalLong.empty(), false);
    }

    private static Decision decision(Side winner, long allowed, boolean leaveUnfit) {
        return new Decision(
                winner, Optional.empty(), new Author("ada", "a test"), OptionalLong.of(allowed), leaveUnfit);
    }

    private static Standing standing(World world) {
        return AuthorityTable.find(world.legacy().dsl(), "user").orElseThrow();
    }

    private static Set<Integer> ids(World world) {
        return Set.copyOf(
                world.legacy().dsl().fetch("select id from legacy.users").getValues(0, Integer.class));
    }

    private static String name(World world, int id) {
        return world.legacy()
                .dsl()
                .fetchSingle("select concat_ws(' ', first_name, last_name) from legacy.users where id = ?", id)
                .get(0, String.class);
    }
}
