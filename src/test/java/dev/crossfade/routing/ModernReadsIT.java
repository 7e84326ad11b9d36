package dev.crossfade.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.Crossfade;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Users.DualWriteUsers;
import dev.crossfade.testing.Users.User;
import dev.crossfade.testing.World;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** While the legacy side decides, a modern side that cannot answer costs a read only a detour to the legacy side. */
class ModernReadsIT {

    private static final User ADA = new User(1, "ada@example.org", "Ada Lovelace");

    @ParameterizedTest
    @EnumSource
    void aFailingModernReadIsAnsweredByTheLegacySide(Topology topology) throws Exception {
        try (World world = new World(topology)) {
            DualWriteUsers users = world.usersAt(Stage.MODERN_READ);
            users.save(ADA);
            world.drain();
            world.modern().execute("alter table modern.accounts rename to accounts_away");

            for (int i = 0; i < 30; i++) {
                assertThat(users.find(1L)).contains(ADA);
                assertThat(users.findByEmail("ada@example.org")).contains(ADA);
                assertThat(users.findAll(List.of(1L))).containsExactly(ADA);
                assertThat(users.page(null, 10)).containsExactly(ADA);
            }
            world.modern().execute("alter table modern.accounts_away rename to accounts");
            world.modern().execute("update modern.accounts set full_name = 'Answered By Modern'");

            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> users.find(1L).map(User::name).equals(Optional.of("Answered By Modern")));
        }
    }

    /** Otherwise a failed statement would abort the caller's transaction. */
    @Test
    void aFailingModernReadLeavesTheTransactionUsable() {
        try (World world = new World(Topology.ONE_DATABASE)) {
            Crossfade crossfade = world.start();
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            world.moveTo(crossfade, Stage.MODERN_READ);
            users.save(ADA);
            world.modern().execute("alter table modern.accounts rename to accounts_away");

            Optional<User> found = crossfade.transaction(tx -> {
                Optional<User> ada = users.in(tx).find(1L);
                users.in(tx).save(new User(2, "b@example.org", "B"));
                return ada;
            });

            assertThat(found).contains(ADA);
            assertThat(users.find(2L)).isPresent();
        }
    }

    /** A read-only transaction reads the side that the stage asks for, wherever it is. */
    @ParameterizedTest
    @EnumSource
    void aTransactionForReadingReadsTheModernSide(Topology topology) {
        try (World world = new World(topology)) {
            Crossfade crossfade = world.start();
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            world.moveTo(crossfade, Stage.MODERN_READ);
            users.save(ADA);
            Awaitility.await().until(() -> crossfade.pending("user") == 0);
            world.modern().execute("update modern.accounts set full_name = 'Answered By Modern'");

            Optional<User> found = crossfade.readOnly(tx -> users.in(tx).find(1L));

            assertThat(found).map(User::name).contains("Answered By Modern");
        }
    }

    @Test
    void aTransactionForReadingCannotWrite() {
        try (World world = new World(Topology.ONE_DATABASE)) {
            Crossfade crossfade = world.start();
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());

            assertThatThrownBy(() -> crossfade.readOnly(tx -> {
                        users.in(tx).save(ADA);
                        return 0;
                    }))
                    .hasMessageContaining("read-only");
            users.save(ADA);
            assertThat(users.find(1L)).contains(ADA);
        }
    }

    /** A failed part is rolled back with its intents and its lock; the rest continues and is mirrored. */
    @ParameterizedTest
    @EnumSource
    void aNestedTransactionFailsByItself(Topology topology) {
        try (World world = new World(topology)) {
            Crossfade crossfade = world.start();
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            world.moveTo(crossfade, Stage.MODERN_READ);

            crossfade.transaction(tx -> {
                try {
                    tx.nested(Side.LEGACY, inner -> {
                        users.in(inner).save(new User(2, "b@example.org", "B"));
                        throw new IllegalStateException("only this part");
                    });
                } catch (IllegalStateException expected) {
                    users.in(tx).save(ADA);
                }
                return 0;
            });

            Awaitility.await().until(() -> crossfade.pending("user") == 0);
            assertThat(users.find(1L)).contains(ADA);
            assertThat(users.find(2L)).isEmpty();
            assertThat(world.intents()).isZero();
            assertThat(world.differences()).isEmpty();
        }
    }

    /** The rollback to the savepoint releases the authority lock that was taken after it. */
    @Test
    void theAuthorityIsHeldAgainAfterANestedTransactionHasFailed() {
        try (World world = new World(Topology.ONE_DATABASE)) {
            Crossfade crossfade = world.start();
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            world.moveTo(crossfade, Stage.MODERN_READ);

            Object locks = crossfade.transaction(tx -> {
                assertThatThrownBy(() -> tx.nested(Side.LEGACY, inner -> {
                            users.in(inner).save(new User(2, "b@example.org", "B"));
                            throw new IllegalStateException("only this part");
                        }))
                        .isInstanceOf(IllegalStateException.class);
                users.in(tx).save(ADA);
                return tx.dsl(Side.LEGACY)
                        .fetchValue(
                                "select count(*) from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()");
            });

            assertThat(locks).isEqualTo(1L);
        }
    }
}
