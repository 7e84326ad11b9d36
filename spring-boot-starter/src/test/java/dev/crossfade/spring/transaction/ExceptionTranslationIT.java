package dev.crossfade.spring.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.model.Stage;
import dev.crossfade.model.StatementException;
import dev.crossfade.spring.SpringService;
import dev.crossfade.testing.TestDatabase;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Users;
import dev.crossfade.testing.Users.DualWriteUsers;
import dev.crossfade.testing.Users.User;
import dev.crossfade.testing.World;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.resilience.annotation.EnableResilientMethods;
import org.springframework.resilience.annotation.Retryable;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Isolation;
import org.springframework.transaction.annotation.Transactional;

/** What the databases refuse reaches the service in Spring's exceptions. */
class ExceptionTranslationIT {

    private static final User ADA = new User(1, "ada@example.org", "Ada Lovelace");

    @ParameterizedTest
    @CsvSource({
        "23505, org.springframework.dao.DuplicateKeyException",
        "23514, org.springframework.dao.DataIntegrityViolationException",
        "22001, org.springframework.dao.DataIntegrityViolationException",
        "40001, org.springframework.dao.CannotAcquireLockException",
        "40P01, org.springframework.dao.PessimisticLockingFailureException",
        "55P03, org.springframework.dao.CannotAcquireLockException",
        "57014, org.springframework.dao.QueryTimeoutException",
        "53300, org.springframework.dao.DataAccessResourceFailureException",
        "42P01, org.springframework.dao.InvalidDataAccessResourceUsageException",
    })
    void aWriteAndAReadThrowSpringsExceptionOfTheState(String state, Class<?> expected) {
        try (World world = new World(Topology.ONE_DATABASE);
                SpringService service = new SpringService(world, Topology.ONE_DATABASE)) {
            world.legacy().execute(raising(state), """
                    create trigger refuse before insert on legacy.users for each row execute function refuse_row()
                    """);
            DualWriteUsers users = service.users();

            assertThatThrownBy(() -> users.save(ADA))
                    .isExactlyInstanceOf(expected)
                    .satisfies(thrown -> {
                        assertThat(thrown.getMessage())
                                .contains("SQLSTATE " + state)
                                .doesNotContain("ada@example.org");
                        assertThat(thrown.getCause()).isInstanceOf(StatementException.class);
                    });
            assertThatThrownBy(() -> service.transactions().executeWithoutResult(status -> users.save(ADA)))
                    .isExactlyInstanceOf(expected);
            assertThatThrownBy(() -> service.crossfade().transaction(tx -> {
                        users.in(tx).save(ADA);
                        return null;
                    }))
                    .isExactlyInstanceOf(expected);
            assertThatThrownBy(() -> users.read(
                            legacy -> {
                                world.legacy().dsl().execute("select refuse()");
                                return 1;
                            },
                            modern -> 1))
                    .isExactlyInstanceOf(expected);
        }
    }

    @Test
    void whatAServicesOwnTriggerRaisesStaysWhatItIs() {
        try (World world = new World(Topology.ONE_DATABASE);
                SpringService service = new SpringService(world, Topology.ONE_DATABASE)) {
            world.legacy().execute(raising("P0042"), """
                    create trigger refuse before insert on legacy.users for each row execute function refuse_row()
                    """);

            assertThatThrownBy(() -> service.users().save(ADA))
                    .isInstanceOfSatisfying(
                            StatementException.class,
                            thrown -> assertThat(thrown.sqlState()).isEqualTo("P0042"));
        }
    }

    @Test
    void translationCanBeSwitchedOff() {
        try (World world = new World(Topology.ONE_DATABASE);
                SpringService service = new SpringService(
                        world,
                        Topology.ONE_DATABASE,
                        context -> TestPropertyValues.of("crossfade.translate-exceptions=false")
                                .applyTo(context))) {
            world.legacy().execute("create unique index on legacy.users (email)");
            service.users().save(ADA);

            assertThatThrownBy(() -> service.users().save(new User(2, ADA.email(), "Eve")))
                    .isInstanceOf(StatementException.class);
            assertThat(service.context().getBeansOfType(CrossfadeExceptionTranslator.class))
                    .isEmpty();
        }
    }

    @Test
    void adaptersOfTheServicesOwnAreTranslatedByTheBean() {
        CrossfadeExceptionTranslator translator = new CrossfadeExceptionTranslator();
        StatementException duplicate = new StatementException("Saving", new SQLException("twice", "23505"));

        assertThat(translator.translateExceptionIfPossible(duplicate)).isInstanceOf(DuplicateKeyException.class);
        assertThat(translator.translateExceptionIfPossible(new IllegalStateException("other")))
                .isNull();
    }

    /** The recipe of the guide: one annotation for locks, serialization failures and an authority that moves. */
    @ParameterizedTest
    @EnumSource
    void aRetryableMethodRunsAgainAfterASerializationFailure(Topology topology) {
        try (World world = new World(topology);
                SpringService service = new SpringService(
                        world, topology, context -> context.register(Renaming.class, Recipes.class))) {
            service.moveTo(Stage.DUAL_WRITE);
            service.users().save(ADA);
            Renaming renaming = service.context().getBean(Renaming.class);

            renaming.rename(1, "Ada King", () -> {
                try (TestDatabase.Session other = world.legacy().session()) {
                    other.execute("update legacy.users set logins = logins + 1 where id = 1");
                }
            });

            assertThat(renaming.attempts()).isEqualTo(2);
            assertThat(service.users().find(1L)).contains(new User(1, ADA.email(), "Ada King"));
        }
    }

    private static String raising(String state) {
        return """
                create function refuse() returns int language plpgsql as $$
                begin raise exception 'no' using errcode = '%1$s', detail = 'ada@example.org'; end$$;
                create function refuse_row() returns trigger language plpgsql as $$
                begin perform refuse(); return new; end$$
                """.formatted(state);
    }

    @EnableResilientMethods
    @EnableTransactionManagement
    static class Recipes {}

    /** A service of the user's. */
    static class Renaming {

        private final DualWriteUsers users;
        private final AtomicInteger attempts = new AtomicInteger();

        Renaming(DualWriteUsers users) {
            this.users = users;
        }

        /** Through the proxy, whose own fields are empty. */
        public int attempts() {
            return attempts.get();
        }

        @Retryable(includes = ConcurrencyFailureException.class, maxRetries = 3, delay = 10)
        @Transactional(isolation = Isolation.REPEATABLE_READ)
        public void rename(long id, String name, Runnable atFirst) {
            users.find(id);
            if (attempts.incrementAndGet() == 1) {
                atFirst.run();
            }
            try {
                Users.rename(users, id, name);
            } catch (DataAccessException e) {
                assertThat(e).isInstanceOf(CannotAcquireLockException.class);
                throw e;
            }
        }
    }
}
