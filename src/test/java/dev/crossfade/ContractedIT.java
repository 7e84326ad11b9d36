package dev.crossfade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.control.AuthorityTable;
import dev.crossfade.control.ContractedException;
import dev.crossfade.control.Contractions;
import dev.crossfade.flags.AuthorityFlip;
import dev.crossfade.flags.Gate;
import dev.crossfade.flags.GateListener;
import dev.crossfade.flags.StageChanger;
import dev.crossfade.flags.StageChanger.Request;
import dev.crossfade.flags.StageLog.Author;
import dev.crossfade.model.RefusedException;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.reconcile.Drain;
import dev.crossfade.reconcile.ReconcileListener;
import dev.crossfade.reconcile.Reconciler;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Users;
import dev.crossfade.testing.Users.DualWriteUsers;
import dev.crossfade.testing.Users.PlainUsers;
import dev.crossfade.testing.Users.User;
import dev.crossfade.testing.Users.UserRepository;
import dev.crossfade.testing.World;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A contracted entity has no legacy side: services continue on the modern one, and there is no way back. */
class ContractedIT {

    /** As a contract migration does it: the record and the DDL in one transaction. */
    private static void contract(World world) {
        world.databases().controlDsl().transaction(transaction -> {
            Contractions.record(transaction.dsl(), "7", List.of("user"));
            transaction.dsl().execute("drop schema legacy cascade");
        });
    }

    private static void works(World world, UserRepository users, long id) {
        User ada = new User(id, "ada" + id + "@example.org", "Ada Lovelace");
        users.save(ada);
        assertThat(users.find(id)).contains(ada);
        assertThat(users.findByEmail("ada" + id + "@example.org")).contains(ada);
        assertThat(users.page(id - 1, 1)).containsExactly(ada);
        users.save(new User(id, null, "Ada King"));
        assertThat(users.findAll(List.of(id))).extracting(User::name).containsExactly("Ada King");
        users.saveAll(List.of(ada, new User(id + 1, null, "Bob")));
        assertThat(users.deleteAll(List.of(id + 1, id + 2))).isEqualTo(1);
        assertThat(users.delete(id)).isTrue();
        assertThat(users.find(id)).isEmpty();
        assertThat(world.intents() + world.missedWrites()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void anInstanceThatStartedBeforeGoesOnWithTheModernSideAlone(Topology topology) {
        try (World world = new World(topology)) {
            Crossfade crossfade = world.start();
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            world.moveTo(crossfade, Stage.MODERN_ONLY);
            works(world, users, 10);

            contract(world);

            works(world, users, 20);
            assertThat(Users.rename(users, 20, "Nobody")).isZero();
            int saved = crossfade.transaction(transaction -> {
                users.in(transaction).save(new User(30, null, "In a transaction"));
                return users.in(transaction).findAll(List.of(30L)).size();
            });
            assertThat(saved).isEqualTo(1);
            assertThat(world.intents()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void anInstanceStartsAfterTheLegacyTableIsGone(Topology topology) {
        try (World world = new World(topology)) {
            Crossfade first = world.start();
            new DualWriteUsers(first.routing()).save(new User(1, null, "Before"));
            world.moveTo(first, Stage.MODERN_ONLY);
            contract(world);
            world.stop(first);

            Crossfade second = world.start();
            DualWriteUsers users = new DualWriteUsers(second.routing());

            assertThat(second.stage("user")).isEqualTo(Stage.MODERN_ONLY);
            works(world, users, 10);
        }
    }

    /** A failover freezes every entity; a contracted one cannot be recovered and need not be. */
    @ParameterizedTest
    @EnumSource
    void aFreezeIsNoneOfItsBusiness(Topology topology) {
        try (World world = new World(topology)) {
            Crossfade crossfade = world.start();
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            world.moveTo(crossfade, Stage.MODERN_ONLY);
            AuthorityTable.freeze(world.databases().controlDsl(), null, "a test.");
            Awaitility.await().until(() -> crossfade.frozen().containsKey("user"));

            contract(world);

            Awaitility.await().until(() -> crossfade.frozen().isEmpty());
            works(world, users, 10);
            works(world, new DualWriteUsers(world.start().routing()), 20);
        }
    }

    @ParameterizedTest
    @EnumSource
    void noStepLeadsBackNotEvenAForcedOne(Topology topology) {
        try (World world = new World(topology)) {
            Crossfade crossfade = world.start();
            new DualWriteUsers(crossfade.routing());
            world.moveTo(crossfade, Stage.MODERN_ONLY);
            contract(world);

            for (Stage stage : List.of(Stage.MODERN_PRIMARY, Stage.LEGACY_ONLY)) {
                Request back = new Request(List.of("user"), stage, new Author("test", "a test"), true);
                assertThatThrownBy(() -> crossfade.stages().change(back))
                        .isInstanceOf(ContractedException.class)
                        .hasMessageContaining("user is contracted: migration 7 has taken its legacy structures away.")
                        .hasMessageContaining("crossfade finish user")
                        .hasMessageContaining("crossfade migrate down");
            }
            assertThat(crossfade.stages().standing("user").stage()).isEqualTo(Stage.MODERN_ONLY);

            Contractions.forget(world.databases().controlDsl(), "7");
            assertThat(Contractions.find(world.databases().controlDsl(), "user"))
                    .isEmpty();
        }
    }

    /** The step has done its checks and is about to be recorded when the contraction commits. */
    @ParameterizedTest
    @EnumSource
    void aStepThatBeganBeforeTheContractionIsNotRecordedAfterIt(Topology topology) {
        try (World world = new World(topology)) {
            Crossfade crossfade = world.start();
            new DualWriteUsers(crossfade.routing());
            world.moveTo(crossfade, Stage.MODERN_ONLY);
            Gate contracting = new Gate() {
                @Override
                public String name() {
                    return "a contraction beside the step";
                }

                @Override
                public Verdict check(Step step) {
                    contract(world);
                    return new Open("a contraction", "nothing");
                }
            };
            Request back = new Request(List.of("user"), Stage.MODERN_PRIMARY, new Author("test", "a test"), true);

            assertThatThrownBy(() -> changer(world, contracting).change(back)).isInstanceOf(ContractedException.class);

            assertThat(crossfade.stages().standing("user").stage()).isEqualTo(Stage.MODERN_ONLY);
        }
    }

    private static StageChanger changer(World world, Gate gate) {
        Drain drain = new Drain(world.databases(), new Reconciler(world.databases(), ReconcileListener.NONE));
        return new StageChanger(
                world.databases(),
                List.of(gate),
                new AuthorityFlip(
                        world.databases(), drain, entity -> Optional.of(Users.MAPPING), Duration.ofSeconds(20)),
                GateListener.NONE);
    }

    @ParameterizedTest
    @EnumSource
    void onlyWhatStandsAtModernOnlyIsContracted(Topology topology) {
        try (World world = new World(topology)) {
            Crossfade crossfade = world.start();
            new DualWriteUsers(crossfade.routing());
            world.moveTo(crossfade, Stage.MODERN_PRIMARY);

            assertThatThrownBy(() -> contract(world))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("it stands at modern-primary, and modern-only is required");
            assertThat(Contractions.all(world.databases().controlDsl())).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void thePlainRepositoryNeedsNeitherLegacyTablesNorTheControlSchema(Topology topology) {
        try (World world = new World(topology)) {
            Crossfade crossfade = world.start();
            DualWriteUsers routed = new DualWriteUsers(crossfade.routing());
            world.moveTo(crossfade, Stage.MODERN_ONLY);
            routed.save(new User(1, "ada@example.org", "Ada Lovelace"));
            contract(world);
            PlainUsers users = new PlainUsers(world.databases().dsl(Side.MODERN));

            assertThat(users.find(1L)).isEqualTo(routed.find(1L));
            crossfade.transaction(transaction -> {
                users.in(transaction).save(new User(2, null, "In a transaction of Crossfade"));
                assertThat(users.find(2L)).isEmpty();
                return routed.in(transaction).find(2L).orElseThrow();
            });
            assertThat(users.find(2L)).isEqualTo(routed.find(2L));
            works(world, users, 10);

            world.stop(crossfade);
            world.legacy().execute("drop schema crossfade cascade");
            world.modern().execute("drop schema if exists crossfade cascade");
            Optional<User> before = users.find(1L);
            world.databases().dsl(Side.MODERN).transaction(transaction -> {
                PlainUsers inJooqs = new PlainUsers(transaction.dsl());
                inJooqs.save(new User(1, null, "Of a transaction of jOOQ"));
                assertThat(users.find(1L)).isEqualTo(before);
            });
            assertThat(users.find(1L)).map(User::name).contains("Of a transaction of jOOQ");
        }
    }
}
