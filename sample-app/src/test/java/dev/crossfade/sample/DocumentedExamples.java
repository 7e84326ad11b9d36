package dev.crossfade.sample;

import static dev.crossfade.sample.db.legacy.tables.Users.USERS;
import static dev.crossfade.sample.db.modern.tables.Accounts.ACCOUNTS;

import dev.crossfade.Crossfade;
import dev.crossfade.model.HeartbeatLostException;
import dev.crossfade.model.Side;
import dev.crossfade.model.StageMovedException;
import dev.crossfade.routing.HandWritten;
import dev.crossfade.routing.RepositoryPair;
import dev.crossfade.routing.RoutingSettings;
import dev.crossfade.routing.ShadowSettings;
import dev.crossfade.sample.db.repository.DualWriteOrderRepository;
import dev.crossfade.sample.db.repository.DualWriteUserRepository;
import dev.crossfade.sample.db.repository.Order;
import dev.crossfade.sample.db.repository.OrderRepository;
import dev.crossfade.sample.db.repository.User;
import dev.crossfade.sample.db.repository.UserRepository;
import dev.crossfade.spring.transaction.AuthorityTransactions;
import dev.crossfade.spring.transaction.SpringTransactions;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.springframework.context.annotation.Bean;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.resilience.annotation.Retryable;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.Transactional;

/**
 * The Java that the README and the guide show, so that it compiles; {@link DocumentedExamplesTest} holds them together.
 */
final class DocumentedExamples {

    private DocumentedExamples() {}

    static Optional<User> readme(DataSource dataSource, MeterRegistry meters, User ada, Order order) {
        Crossfade crossfade =
                Crossfade.builder().database(dataSource).meterRegistry(meters).build();
        UserRepository users = new DualWriteUserRepository(crossfade);
        OrderRepository orders = new DualWriteOrderRepository(crossfade);

        users.save(ada);
        Optional<User> found = users.findByEmail("ada@example.org");
        crossfade.run(tx -> {
            users.in(tx).save(ada);
            orders.in(tx).save(order);
        });
        return found;
    }

    static void guide(DualWriteUserRepository users, String phone, long id) {
        users.write(
                legacy -> legacy.update(USERS)
                        .set(USERS.PHONE, phone)
                        .where(USERS.ID.eq(id))
                        .returning(USERS.ID),
                modern -> modern.update(ACCOUNTS)
                        .set(ACCOUNTS.PHONE, phone)
                        .where(ACCOUNTS.ACCOUNT_ID.eq(id))
                        .returning(ACCOUNTS.ACCOUNT_ID));
    }

    interface Greetings {
        void greet(long id, String greeting);

        String greetingOf(long id);
    }

    record LegacyGreetings(DSLContext dsl) implements Greetings {

        @Override
        public void greet(long id, String greeting) {
            dsl.update(USERS)
                    .set(USERS.FIRST_NAME, greeting)
                    .where(USERS.ID.eq(id))
                    .execute();
        }

        @Override
        public String greetingOf(long id) {
            return dsl.select(USERS.FIRST_NAME)
                    .from(USERS)
                    .where(USERS.ID.eq(id))
                    .fetchSingle()
                    .value1();
        }
    }

    record ModernGreetings(DSLContext dsl) implements Greetings {

        @Override
        public void greet(long id, String greeting) {
            dsl.update(ACCOUNTS)
                    .set(ACCOUNTS.FULL_NAME, greeting)
                    .where(ACCOUNTS.ACCOUNT_ID.eq(id))
                    .execute();
        }

        @Override
        public String greetingOf(long id) {
            return dsl.select(ACCOUNTS.FULL_NAME)
                    .from(ACCOUNTS)
                    .where(ACCOUNTS.ACCOUNT_ID.eq(id))
                    .fetchSingle()
                    .value1();
        }
    }

    static String handWritten(Crossfade crossfade, DualWriteUserRepository users, long id) {
        RepositoryPair<Greetings, Long> greetings =
                crossfade.pair(HandWritten.of(users.mapping(), LegacyGreetings::new, ModernGreetings::new));

        greetings.write(id, repository -> repository.greet(id, "Good morning"));
        String greeting = greetings.read(id, repository -> repository.greetingOf(id));
        return greeting;
    }

    record SpringBoot(UserRepository users, OrderRepository orders) {

        @Retryable(
                includes = {StageMovedException.class, HeartbeatLostException.class},
                maxRetries = 20,
                delay = 250)
        @Transactional
        public void save(User user, List<Order> theirs) {
            users.save(user);
            orders.saveAll(theirs);
        }
    }

    record Retried(UserRepository users) {

        @Retryable(
                includes = {ConcurrencyFailureException.class, StageMovedException.class, HeartbeatLostException.class},
                maxRetries = 20,
                delay = 250)
        public void save(User user) {
            users.save(user);
        }
    }

    static final class JpaOnOneSide {

        @Bean
        AuthorityTransactions crossfadeTransactionManager(
                Crossfade crossfade,
                SpringTransactions transactions,
                PlatformTransactionManager jpa,
                DataSource modernDataSource) {
            PlatformTransactionManager jdbc = new JdbcTransactionManager(modernDataSource);
            return new AuthorityTransactions(
                    crossfade, transactions, Map.of(Side.LEGACY, jpa, Side.MODERN, jdbc), List.of());
        }
    }

    static Crossfade tenants(DataSource dataSource, Map<Long, String> owners) {
        return Crossfade.builder()
                .database(dataSource)
                .tenant("order", (Long id) -> owners.get(id))
                .build();
    }

    static RoutingSettings shadow() {
        return RoutingSettings.DEFAULTS.withShadow(ShadowSettings.builder()
                .sample(50)
                .ignore("user", "updated_at")
                .compare("user", "nickname", String.class, String.CASE_INSENSITIVE_ORDER)
                .build());
    }
}
