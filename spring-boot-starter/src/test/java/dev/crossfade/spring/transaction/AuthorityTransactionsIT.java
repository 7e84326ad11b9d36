package dev.crossfade.spring.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.Crossfade;
import dev.crossfade.flags.StageChanger.Request;
import dev.crossfade.flags.StageLog.Author;
import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.RefusedException;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.model.StageMovedException;
import dev.crossfade.routing.DualWriteRepository;
import dev.crossfade.routing.EntityType;
import dev.crossfade.routing.Repository;
import dev.crossfade.routing.Router;
import dev.crossfade.routing.SideRepository;
import dev.crossfade.routing.Transaction;
import dev.crossfade.spring.SpringService;
import dev.crossfade.testing.Loop;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Users.DualWriteUsers;
import dev.crossfade.testing.Users.User;
import dev.crossfade.testing.World;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;
import org.springframework.orm.jpa.vendor.HibernateJpaVendorAdapter;
import org.springframework.transaction.IllegalTransactionStateException;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** Between two databases, transactions begin in the one that is authoritative. */
class AuthorityTransactionsIT {

    private static final User ADA = new User(1, "ada@example.org", "Ada Lovelace");
    private static final User BOB = new User(2, "bob@example.org", "Bob");

    @Test
    void theServicesOwnStatementsOnTheAuthoritativeDatabaseAreInTheTransaction() {
        try (World world = new World(Topology.TWO_DATABASES);
                SpringService service = new SpringService(world, Topology.TWO_DATABASES)) {
            world.legacy().execute("create table public.audit (entry text)");
            world.modern().execute("create table public.audit (entry text)");
            for (Stage stage : List.of(Stage.MODERN_READ, Stage.MODERN_PRIMARY)) {
                service.moveTo(stage);
                JdbcTemplate jdbc = new JdbcTemplate(world.of(stage.authority()).dataSource());

                service.transactions().executeWithoutResult(status -> {
                    service.users().save(ADA);
                    jdbc.update("insert into audit values ('saved')");
                    status.setRollbackOnly();
                });

                assertThat(jdbc.queryForObject("select count(*) from audit", Long.class))
                        .isZero();
                assertThat(service.users().find(1L)).isEmpty();
            }
        }
    }

    @Test
    void noWriteIsLostWhileTheAuthorityMovesThereAndBack() {
        try (World world = new World(Topology.TWO_DATABASES);
                SpringService service = new SpringService(world, Topology.TWO_DATABASES)) {
            DualWriteUsers users = service.users();
            service.moveTo(Stage.MODERN_READ);
            AtomicLong next = new AtomicLong();
            AtomicLong moved = new AtomicLong();
            Loop writer = Loop.of(() -> {
                long id = next.incrementAndGet();
                boolean done = false;
                while (!done) {
                    try {
                        service.transactions().executeWithoutResult(status -> {
                            users.save(new User(2 * id, null, "first"));
                            users.save(new User(2 * id + 1, null, "second"));
                        });
                        done = true;
                    } catch (StageMovedException e) {
                        moved.incrementAndGet();
                    }
                }
            });
            try (writer) {
                for (int flip = 0; flip < 3; flip++) {
                    long rounds = writer.rounds();
                    service.moveTo(flip % 2 == 0 ? Stage.MODERN_PRIMARY : Stage.MODERN_READ);
                    Awaitility.await().until(() -> writer.rounds() > rounds + 20);
                }
            }

            assertThat(writer.failures()).isEmpty();
            world.drain();
            assertThat(world.differences()).isEmpty();
            assertThat(world.modern().dsl().fetchCount(DSL.table("modern.accounts")))
                    .isEqualTo((int) (2 * next.get()));
        }
    }

    @Test
    void aNewTransactionWithinAnotherMayBeInTheOtherDatabase() {
        try (World world = new World(Topology.TWO_DATABASES);
                SpringService service = new SpringService(world, Topology.TWO_DATABASES)) {
            DualWriteUsers users = service.users();
            service.moveTo(Stage.MODERN_READ);

            assertThatThrownBy(() -> service.transactions().executeWithoutResult(outer -> {
                        assertThat(users.find(1L)).isEmpty();
                        change(service, Stage.MODERN_PRIMARY);
                        Awaitility.await().until(() -> service.crossfade().stage("user") == Stage.MODERN_PRIMARY);
                        service.requiresNew().executeWithoutResult(inner -> users.save(BOB));
                        service.transactions()
                                .executeWithoutResult(joined ->
                                        assertThat(joined.isNewTransaction()).isFalse());
                        users.save(ADA);
                    }))
                    .isInstanceOf(StageMovedException.class);

            assertThat(users.page(null, 10)).containsExactly(BOB);
            assertThat(world.modern().dsl().fetchCount(DSL.table("modern.accounts")))
                    .isEqualTo(1);
        }
    }

    @Test
    void propagationsThatBeginNothingDoWhatTheySay() {
        try (World world = new World(Topology.TWO_DATABASES);
                SpringService service = new SpringService(world, Topology.TWO_DATABASES)) {
            DualWriteUsers users = service.users();

            service.transactions(TransactionDefinition.PROPAGATION_SUPPORTS).executeWithoutResult(status -> {
                users.save(ADA);
                status.setRollbackOnly();
            });
            assertThat(users.find(1L)).contains(ADA);
            assertThatThrownBy(() -> service.transactions(TransactionDefinition.PROPAGATION_MANDATORY)
                            .executeWithoutResult(status -> {}))
                    .isInstanceOf(IllegalTransactionStateException.class);
            service.transactions()
                    .executeWithoutResult(outer -> assertThatThrownBy(
                                    () -> service.transactions(TransactionDefinition.PROPAGATION_NEVER)
                                            .executeWithoutResult(status -> {}))
                            .isInstanceOf(IllegalTransactionStateException.class));
        }
    }

    @Test
    void entitiesWithTheirAuthorityOnDifferentSidesAreRefusedUnlessTheyShareNoTransactions() {
        try (World world = new World(Topology.TWO_DATABASES)) {
            world.legacy().execute("create table legacy.teams (id bigint primary key)");
            world.modern().execute("create table modern.teams (id bigint primary key)");
            try (SpringService service = new SpringService(world, Topology.TWO_DATABASES)) {
                service.moveTo(Stage.MODERN_PRIMARY);
                new DualWriteTeams(service.router());

                assertThatThrownBy(() -> service.transactions().executeWithoutResult(status -> {}))
                        .isInstanceOf(RefusedException.class)
                        .hasMessageContaining("legacy: team; modern: user")
                        .hasMessageContaining("crossfade stage team user --to")
                        .hasMessageContaining("crossfade.transaction-entities");
            }
            try (SpringService service = new SpringService(
                    world,
                    Topology.TWO_DATABASES,
                    context -> TestPropertyValues.of("crossfade.transaction-entities=user")
                            .applyTo(context))) {
                new DualWriteTeams(service.router());
                service.transactions()
                        .executeWithoutResult(status -> service.users().save(ADA));
                assertThat(service.users().find(1L)).contains(ADA);
            }
        }
    }

    @Test
    void aTransactionOfTheMirrorsDatabaseIsRefusedAndSoAreTwoAtOnce() {
        try (World world = new World(Topology.TWO_DATABASES);
                SpringService service = new SpringService(world, Topology.TWO_DATABASES)) {
            TransactionTemplate legacy = on(world, Side.LEGACY);
            TransactionTemplate modern = on(world, Side.MODERN);

            legacy.executeWithoutResult(status -> service.users().save(ADA));
            assertThatThrownBy(() -> modern.executeWithoutResult(
                            status -> service.users().save(BOB)))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("runs in the modern database and cannot reach the legacy side");
            assertThatThrownBy(() -> legacy.executeWithoutResult(outer ->
                            modern.executeWithoutResult(inner -> service.users().save(BOB))))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("Two transactions are open on this thread");

            assertThat(service.users().page(null, 10)).containsExactly(ADA);
        }
    }

    /** As the guide shows it: further calls take part in JPA's own transactions where its manager is the side's. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theManagerOfASideMayBeThatOfJpa(boolean autoCommit) {
        try (World world = new World(Topology.TWO_DATABASES)) {
            DataSource pool = world.legacy().newDataSource(settings -> settings.setAutoCommit(autoCommit));
            LocalContainerEntityManagerFactoryBean jpa = new LocalContainerEntityManagerFactoryBean();
            jpa.setDataSource(pool);
            jpa.setJpaVendorAdapter(new HibernateJpaVendorAdapter());
            jpa.setPackagesToScan("dev.crossfade.spring.nothing");
            jpa.afterPropertiesSet();
            JpaTransactionManager legacy = new JpaTransactionManager(Objects.requireNonNull(jpa.getObject()));
            try (SpringService service = new SpringService(world, Topology.TWO_DATABASES, context -> {
                context.removeBeanDefinition("legacyDataSource");
                context.registerBean(
                        "legacyDataSource", DataSource.class, () -> pool, bean -> bean.setDestroyMethodName(""));
                context.registerBean(
                        "crossfadeTransactionManager",
                        AuthorityTransactions.class,
                        () -> new AuthorityTransactions(
                                context.getBean(Crossfade.class),
                                context.getBean(SpringTransactions.class),
                                Map.of(
                                        Side.LEGACY,
                                        legacy,
                                        Side.MODERN,
                                        new JdbcTransactionManager(
                                                world.modern().dataSource())),
                                Set.of()));
            })) {
                for (Stage stage : List.of(Stage.MODERN_READ, Stage.MODERN_PRIMARY)) {
                    service.moveTo(stage);
                    service.transactions().executeWithoutResult(outer -> {
                        service.users().save(ADA);
                        service.transactions()
                                .executeWithoutResult(inner -> service.users().save(BOB));
                        outer.setRollbackOnly();
                    });
                    assertThat(service.users().page(null, 10)).isEmpty();
                }
                service.moveTo(Stage.MODERN_READ);
                new TransactionTemplate(legacy).executeWithoutResult(outer -> {
                    service.users().save(ADA);
                    service.transactions()
                            .executeWithoutResult(inner -> service.users().save(BOB));
                    outer.setRollbackOnly();
                });
                assertThat(service.users().page(null, 10)).isEmpty();
                service.transactions()
                        .executeWithoutResult(status -> service.users().save(ADA));
                assertThat(service.users().page(null, 10)).containsExactly(ADA);
                world.drain();
                assertThat(world.differences()).isEmpty();
            } finally {
                jpa.destroy();
            }
        }
    }

    private static TransactionTemplate on(World world, Side side) {
        return new TransactionTemplate(new JdbcTransactionManager(world.of(side).dataSource()));
    }

    private static void change(SpringService service, Stage to) {
        service.crossfade()
                .stages()
                .change(new Request(List.of("user"), to, new Author("test", "a test's own step"), true));
    }

    private record Team(long id) {}

    private enum TeamType implements EntityType<Team, Long> {
        INSTANCE;

        private static final TableMapping MAPPING = TableMapping.table("team")
                .legacy("legacy", "teams")
                .modern("modern", "teams")
                .key(new Column("id", "bigint"), new Column("id", "bigint"))
                .build();

        @Override
        public TableMapping mapping() {
            return MAPPING;
        }

        @Override
        public List<Field<?>> fields() {
            return List.of(DSL.field(DSL.name("id"), Long.class));
        }

        @Override
        public Team fromRow(Record row) {
            return new Team(row.get(0, Long.class));
        }

        @Override
        public List<@Nullable Object> values(Team team) {
            return List.of(team.id());
        }

        @Override
        public List<Object> keyValues(Long key) {
            return List.of(key);
        }

        @Override
        public Long key(Team team) {
            return team.id();
        }
    }

    private interface Teams extends Repository<Team, Long> {}

    private static final class SideTeams extends SideRepository<Team, Long> implements Teams {
        SideTeams(Router router, Side side) {
            super(router, TeamType.INSTANCE, side);
        }

        @Override
        public SideTeams in(Transaction transaction) {
            throw new UnsupportedOperationException();
        }
    }

    private static final class DualWriteTeams extends DualWriteRepository<Team, Long, Teams> implements Teams {
        DualWriteTeams(Router router) {
            super(router, TeamType.INSTANCE, new SideTeams(router, Side.LEGACY), new SideTeams(router, Side.MODERN));
        }

        @Override
        public Teams in(Transaction transaction) {
            throw new UnsupportedOperationException();
        }
    }
}
