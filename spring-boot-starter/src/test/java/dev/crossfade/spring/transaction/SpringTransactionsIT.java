package dev.crossfade.spring.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.model.CrossfadeException;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.spring.SpringService;
import dev.crossfade.testing.TestDatabase;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Users;
import dev.crossfade.testing.Users.DualWriteUsers;
import dev.crossfade.testing.Users.User;
import dev.crossfade.testing.World;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jooq.impl.DSL;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionTimedOutException;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Repositories that are bound to nothing take part in the transaction that Spring has open. */
class SpringTransactionsIT {

    private static final User ADA = new User(1, "ada@example.org", "Ada Lovelace");
    private static final User BOB = new User(2, "bob@example.org", "Bob");
    private static final User CY = new User(3, "cy@example.org", "Cy");

    static Stream<Arguments> everywhere() {
        return Stream.of(Topology.values())
                .flatMap(topology -> Stream.of(Stage.values()).map(stage -> Arguments.of(topology, stage)));
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    void whatIsCommittedIsOnBothSidesAndReadAtOnce(Topology topology, Stage stage) throws Exception {
        try (World world = new World(topology);
                SpringService service = new SpringService(world, topology)) {
            DualWriteUsers users = service.users();
            service.moveTo(stage);
            service.transactions().executeWithoutResult(status -> {
                users.saveAll(List.of(ADA, BOB));
                users.delete(2L);
                users.save(new User(1, "ada@king.org", "Ada King"));
                assertThat(users.find(1L)).contains(new User(1, "ada@king.org", "Ada King"));
                assertThat(users.findByEmail("ada@king.org")).isPresent();
                assertThat(users.page(null, 10)).hasSize(1);
                assertThat(seenByOthers(world, stage)).isZero();
            });

            assertThat(users.find(1L)).contains(new User(1, "ada@king.org", "Ada King"));
            assertThat(users.page(null, 10)).hasSize(1);
            assertThat(service.crossfade().awaitLevel(Duration.ofSeconds(20))).isTrue();
            assertThat(world.intents()).isZero();
            if (stage.mirrors()) {
                assertThat(world.differences()).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    void aRollbackLeavesNeitherARowNorAnIntent(Topology topology, Stage stage) throws Exception {
        try (World world = new World(topology);
                SpringService service = new SpringService(world, topology)) {
            DualWriteUsers users = service.users();
            service.moveTo(stage);
            users.save(ADA);
            service.crossfade().awaitLevel(Duration.ofSeconds(20));

            assertThatThrownBy(() -> service.transactions().executeWithoutResult(status -> {
                        users.save(BOB);
                        users.delete(1L);
                        throw new IllegalStateException("the service changed its mind");
                    }))
                    .hasMessage("the service changed its mind");
            service.transactions().executeWithoutResult(status -> {
                users.save(CY);
                status.setRollbackOnly();
            });

            assertThat(service.crossfade().pending("user")).isZero();
            assertThat(world.intents()).isZero();
            assertThat(users.page(null, 10)).containsExactly(ADA);
            if (stage.mirrors()) {
                assertThat(world.differences()).isEmpty();
            }
        }
    }

    /** The pool would close the connection of Spring's transaction, were it to see what the mirror raises. */
    @ParameterizedTest
    @ValueSource(strings = {"0A000", "57P01", "08006"})
    void aMirrorThatRaisesWhatPoolsCloseConnectionsAtLeavesIntents(String state) {
        try (World world = new World(Topology.ONE_DATABASE);
                SpringService service = new SpringService(world, Topology.ONE_DATABASE)) {
            DualWriteUsers users = service.users();
            service.moveTo(Stage.DUAL_WRITE);
            users.save(BOB);
            world.modern()
                    .execute(
                            "create function refuse() returns trigger language plpgsql as $$begin raise exception 'no' using errcode = '%s'; end$$"
                                    .formatted(state),
                            "create trigger refuse before insert or update or delete on modern.accounts for each statement execute function refuse()");

            for (int i = 0; i < 30; i++) {
                User user = new User(1, "ada@example.org", "Ada " + i);
                service.transactions().executeWithoutResult(status -> {
                    users.delete(2L);
                    users.save(user);
                    Users.rename(users, 1, user.name());
                });
                assertThat(users.find(1L)).contains(user);
            }
            world.modern().execute("drop trigger refuse on modern.accounts");
            world.drain();

            assertThat(users.find(2L)).isEmpty();
            assertThat(world.differences()).isEmpty();
        }
    }

    /** The intents of a transaction count from its commit on: reads of other keys are not held back by a rollback. */
    @ParameterizedTest
    @EnumSource
    void aMirrorThatIsLockedLeavesIntentsThatAreCommittedOrGone(Topology topology) throws Exception {
        try (World world = new World(topology);
                SpringService service = new SpringService(world, topology)) {
            DualWriteUsers users = service.users();
            service.moveTo(Stage.MODERN_READ);
            users.save(ADA);
            service.crossfade().awaitLevel(Duration.ofSeconds(20));
            User renamed = new User(1, "ada@example.org", "Ada King");

            try (TestDatabase.Session session = world.modern().session()) {
                session.execute("begin; lock table modern.accounts in share row exclusive mode");
                service.transactions().executeWithoutResult(status -> {
                    users.save(BOB);
                    status.setRollbackOnly();
                });
                assertThat(world.intents()).isZero();
                assertThat(service.crossfade().pending("user")).isZero();

                service.transactions().executeWithoutResult(status -> {
                    users.save(renamed);
                    assertThat(users.find(1L)).contains(renamed);
                });
                assertThat(world.intents()).isEqualTo(1);
                assertThat(users.find(1L)).contains(renamed);
                assertThat(users.findByEmail("ada@example.org")).contains(renamed);
            }
            assertThat(service.crossfade().awaitLevel(Duration.ofSeconds(20))).isTrue();
            assertThat(world.intents()).isZero();
            assertThat(world.differences()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aNewTransactionWithinAnotherIsCommittedByItself(Topology topology) throws Exception {
        try (World world = new World(topology);
                SpringService service = new SpringService(world, topology)) {
            DualWriteUsers users = service.users();
            service.moveTo(Stage.DUAL_WRITE);

            service.transactions().executeWithoutResult(outer -> {
                users.save(ADA);
                service.requiresNew().executeWithoutResult(inner -> {
                    users.save(BOB);
                    assertThat(users.find(1L)).isEmpty();
                });
                service.transactions(TransactionDefinition.PROPAGATION_NOT_SUPPORTED)
                        .executeWithoutResult(none -> assertThat(users.find(1L)).isEmpty());
                users.save(CY);
                assertThat(users.page(null, 10)).containsExactly(ADA, BOB, CY);
                outer.setRollbackOnly();
            });
            service.transactions().executeWithoutResult(outer -> {
                service.requiresNew().executeWithoutResult(inner -> {
                    users.save(CY);
                    inner.setRollbackOnly();
                });
                users.save(new User(4, "d@example.org", "Di"));
            });

            assertThat(users.page(null, 10)).extracting(User::id).containsExactly(2L, 4L);
            service.crossfade().awaitLevel(Duration.ofSeconds(20));
            assertThat(world.intents()).isZero();
            assertThat(world.differences()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aNestedTransactionIsUndoneByItself(Topology topology) throws Exception {
        try (World world = new World(topology);
                SpringService service = new SpringService(world, topology)) {
            DualWriteUsers users = service.users();
            service.moveTo(Stage.MODERN_PRIMARY);

            service.transactions().executeWithoutResult(outer -> {
                users.save(ADA);
                service.transactions(TransactionDefinition.PROPAGATION_NESTED).executeWithoutResult(nested -> {
                    users.save(BOB);
                    users.delete(1L);
                    nested.setRollbackOnly();
                });
                assertThat(users.page(null, 10)).containsExactly(ADA);
                service.transactions(TransactionDefinition.PROPAGATION_NESTED)
                        .executeWithoutResult(nested -> users.save(CY));
            });

            assertThat(users.page(null, 10)).containsExactly(ADA, CY);
            assertThat(service.crossfade().awaitLevel(Duration.ofSeconds(20))).isTrue();
            assertThat(world.intents()).isZero();
            assertThat(world.differences()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    void aReadOnlyTransactionReadsAndCannotWrite(Topology topology, Stage stage) throws Exception {
        try (World world = new World(topology);
                SpringService service = new SpringService(world, topology)) {
            DualWriteUsers users = service.users();
            service.moveTo(stage);
            users.save(ADA);
            service.crossfade().awaitLevel(Duration.ofSeconds(20));
            TransactionTemplate reading = service.transactions();
            reading.setReadOnly(true);

            reading.executeWithoutResult(status -> {
                assertThat(users.find(1L)).contains(ADA);
                assertThat(users.findByEmail("ada@example.org")).contains(ADA);
            });
            assertThatThrownBy(() -> reading.executeWithoutResult(status -> users.save(BOB)))
                    .isInstanceOf(CrossfadeException.class)
                    .hasStackTraceContaining("read-only");

            assertThat(users.page(null, 10)).containsExactly(ADA);
        }
    }

    /** With one snapshot for all its reads, a transaction would not see what was mirrored after its beginning. */
    @ParameterizedTest
    @EnumSource
    void aReadOnlyTransactionWithOneSnapshotIsAnsweredByItsOwnDatabase(Topology topology) {
        try (World world = new World(topology);
                SpringService service = new SpringService(world, topology)) {
            DualWriteUsers users = service.users();
            service.moveTo(Stage.MODERN_READ);
            TransactionTemplate reading = service.transactions();
            reading.setReadOnly(true);
            reading.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);

            reading.executeWithoutResult(status -> {
                assertThat(users.find(1L)).isEmpty();
                service.requiresNew().executeWithoutResult(inner -> users.save(ADA));
                assertThat(users.find(1L)).isEmpty();
                assertThat(users.page(null, 10)).isEmpty();
            });

            assertThat(users.find(1L)).contains(ADA);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aStatementEndsWithTheTimeoutOfItsTransaction(Topology topology) {
        try (World world = new World(topology);
                SpringService service = new SpringService(world, topology)) {
            DualWriteUsers users = service.users();
            service.moveTo(Stage.DUAL_WRITE);
            users.save(ADA);
            TransactionTemplate limited = service.transactions();
            limited.setTimeout(1);

            try (TestDatabase.Session session = world.legacy().session()) {
                session.execute("begin; lock table legacy.users in access exclusive mode");
                assertThatThrownBy(() -> limited.executeWithoutResult(status -> {
                            users.save(BOB);
                            users.save(CY);
                        }))
                        .isInstanceOfAny(QueryTimeoutException.class, TransactionTimedOutException.class)
                        .hasStackTraceContaining("canceling statement");
            }

            limited.executeWithoutResult(status -> users.save(CY));
            assertThat(users.page(null, 10)).containsExactly(ADA, CY);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aCallbackAfterTheCommitSeesWhatWasWrittenAndWritesByItself(Topology topology) throws Exception {
        try (World world = new World(topology);
                SpringService service = new SpringService(world, topology)) {
            DualWriteUsers users = service.users();
            service.moveTo(Stage.MODERN_READ);

            service.transactions().executeWithoutResult(status -> {
                TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                    @Override
                    public void afterCommit() {
                        assertThat(users.find(1L)).contains(ADA);
                        users.save(BOB);
                    }

                    @Override
                    public void afterCompletion(int outcome) {
                        users.save(CY);
                    }
                });
                users.save(ADA);
            });

            assertThat(users.page(null, 10)).containsExactly(ADA, BOB, CY);
            assertThat(service.crossfade().awaitLevel(Duration.ofSeconds(20))).isTrue();
            assertThat(world.intents()).isZero();
            assertThat(world.differences()).isEmpty();
        }
    }

    /** Counts what another session sees on the authoritative side. */
    private static int seenByOthers(World world, Stage stage) {
        return stage.authority() == Side.LEGACY
                ? world.legacy().dsl().fetchCount(DSL.table("legacy.users"))
                : world.modern().dsl().fetchCount(DSL.table("modern.accounts"));
    }
}
