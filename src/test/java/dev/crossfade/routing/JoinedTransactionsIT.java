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
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.TransactionContext;
import org.jooq.TransactionProvider;
import org.jooq.impl.DSL;
import org.jooq.impl.DataSourceConnectionProvider;
import org.jooq.impl.DefaultConfiguration;
import org.jooq.impl.ThreadLocalTransactionProvider;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Only real jOOQ transactions can be joined, from their beginning to their end. */
class JoinedTransactionsIT {

    private static final User ADA = new User(1, "ada@example.org", "Ada Lovelace");
    private static final User BOB = new User(2, "bob@example.org", "Bob");
    private static final User CY = new User(3, "cy@example.org", "Cy");

    static Stream<Arguments> everyPool() {
        return Stream.of(Topology.values())
                .flatMap(topology -> Stream.of(Arguments.of(topology, true), Arguments.of(topology, false)));
    }

    @ParameterizedTest
    @MethodSource("everyPool")
    void whatIsAcknowledgedIsStored(Topology topology, boolean autoCommit) throws SQLException {
        try (World world = new World(topology)) {
            DataSource pool = world.legacy().newDataSource(settings -> settings.setAutoCommit(autoCommit));
            Crossfade crossfade = world.start();
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            world.moveTo(crossfade, Stage.DUAL_WRITE);
            DSLContext jooq = DSL.using(pool, SQLDialect.POSTGRES);
            DSLContext ofThread = DSL.using(threadLocal(pool));
            AtomicReference<Configuration> kept = new AtomicReference<>();

            jooq.transaction(outer -> {
                kept.set(outer);
                save(crossfade, users, outer, ADA);
                outer.dsl().transaction(nested -> save(crossfade, users, nested, BOB));
            });
            ofThread.transaction(outer -> save(crossfade, users, outer, CY));
            crossfade.transaction(tx -> {
                tx.dsl(Side.LEGACY)
                        .transaction(nested -> save(crossfade, users, nested, new User(4, null, "in a savepoint")));
                return null;
            });

            isRefused(crossfade, users, kept.get());
            isRefused(crossfade, users, jooq.configuration());
            isRefused(crossfade, users, ofThread.configuration());
            isRefused(crossfade, users, frameworks(pool));
            try (Connection connection = pool.getConnection()) {
                isRefused(crossfade, users, DSL.using(connection).configuration());
            }
            world.drain();
            assertThat(users.page(null, 10)).extracting(User::id).containsExactly(1L, 2L, 3L, 4L);
            assertThat(world.differences()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("everyPool")
    void whatIsRolledBackIsNotStored(Topology topology, boolean autoCommit) throws Exception {
        try (World world = new World(topology)) {
            DataSource pool = world.legacy().newDataSource(settings -> settings.setAutoCommit(autoCommit));
            Crossfade crossfade = world.start();
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            world.moveTo(crossfade, Stage.DUAL_WRITE);

            assertThatThrownBy(() -> DSL.using(pool, SQLDialect.POSTGRES).transaction(outer -> {
                        save(crossfade, users, outer, ADA);
                        throw new IllegalStateException("the service changed its mind");
                    }))
                    .hasMessage("the service changed its mind");

            assertThat(users.find(1L)).isEmpty();
            assertThat(crossfade.awaitLevel(Duration.ofSeconds(20))).isTrue();
            assertThat(world.intents()).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("everyPool")
    void aTransactionThatAFrameworkKeepsIsTheOneThatItHasOpen(Topology topology, boolean autoCommit) {
        try (World world = new World(topology)) {
            DataSource pool = world.legacy().newDataSource(settings -> settings.setAutoCommit(autoCommit));
            AtomicReference<Participation> open = new AtomicReference<>();
            Crossfade crossfade = world.start(builder -> builder.ambientTransactions(router -> open.get()));
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            world.moveTo(crossfade, Stage.DUAL_WRITE);

            crossfade.transaction(tx -> {
                open.set(RoutedTransaction.of(tx));
                save(crossfade, users, frameworks(pool), ADA);
                open.set(null);
                return null;
            });

            assertThat(users.find(1L)).contains(ADA);
        }
    }

    private static void save(Crossfade crossfade, DualWriteUsers users, Configuration within, User user) {
        crossfade.join(within, Side.LEGACY, tx -> {
            users.in(tx).save(user);
            return null;
        });
    }

    private static void isRefused(Crossfade crossfade, DualWriteUsers users, Configuration outside) {
        assertThatThrownBy(() -> save(crossfade, users, outside, new User(7, null, "stored nowhere")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("The jOOQ configuration is not in a transaction");
    }

    private static Configuration threadLocal(DataSource pool) {
        return new DefaultConfiguration()
                .set(SQLDialect.POSTGRES)
                .set(new ThreadLocalTransactionProvider(new DataSourceConnectionProvider(pool)));
    }

    private static Configuration frameworks(DataSource pool) {
        return new DefaultConfiguration().set(SQLDialect.POSTGRES).set(pool).set(new FrameworksTransactions());
    }

    /** Like a framework's own provider: only the framework knows whether a transaction is open. */
    private static final class FrameworksTransactions implements TransactionProvider {

        @Override
        public void begin(TransactionContext context) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void commit(TransactionContext context) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void rollback(TransactionContext context) {
            throw new UnsupportedOperationException();
        }
    }
}
