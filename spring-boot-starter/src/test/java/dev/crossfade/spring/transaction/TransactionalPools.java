package dev.crossfade.spring.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.spring.SpringService;
import dev.crossfade.testing.TestDatabase;
import dev.crossfade.testing.TestDatabases;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Users.User;
import dev.crossfade.testing.World;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;
import org.springframework.orm.jpa.vendor.HibernateJpaVendorAdapter;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Pools with auto-commit or without, a service on them with managers of every kind, and one that ignores other
 * transactions.
 */
final class TransactionalPools implements AutoCloseable {

    static final String PLAIN = "plain";
    static final String ACTUAL = "actual";
    static final String WITHOUT_SYNCHRONIZATION = "withoutSynchronization";

    private final Topology topology;
    private final boolean autoCommit;
    private final World world;
    private final TestDatabase elsewhere = TestDatabases.create();
    private final Map<Side, DataSource> pools = new EnumMap<>(Side.class);
    private final List<LocalContainerEntityManagerFactoryBean> factories = new ArrayList<>();
    private final Map<Side, PlatformTransactionManager> jpa = new EnumMap<>(Side.class);
    private final SpringService service;
    private final SpringService ignoring;
    private final AtomicLong ids = new AtomicLong();

    TransactionalPools(Topology topology, boolean autoCommit) {
        this.topology = topology;
        this.autoCommit = autoCommit;
        this.world = new World(topology);
        for (Side side : Side.values()) {
            boolean own = side == Side.LEGACY || topology == Topology.TWO_DATABASES;
            pools.put(side, own ? pool(world.of(side)) : pools.get(Side.LEGACY));
            if (own) {
                world.of(side).execute("create table public.audit (entry text)");
            }
        }
        service = new SpringService(world, topology, context -> {
            replaceDataSources(context);
            for (Side side : Side.values()) {
                manager(context, PLAIN, side, AbstractPlatformTransactionManager.SYNCHRONIZATION_ALWAYS);
                manager(
                        context,
                        ACTUAL,
                        side,
                        AbstractPlatformTransactionManager.SYNCHRONIZATION_ON_ACTUAL_TRANSACTION);
                manager(
                        context,
                        WITHOUT_SYNCHRONIZATION,
                        side,
                        AbstractPlatformTransactionManager.SYNCHRONIZATION_NEVER);
            }
        });
        ignoring = new SpringService(world, topology, context -> {
            replaceDataSources(context);
            TestPropertyValues.of("crossfade.other-transactions=ignore").applyTo(context);
        });
    }

    /** Runs a shape at a stage, and checks what it stored. */
    void run(Shape shape, Stage stage) {
        service.moveTo(stage);
        Try attempt = new Try(stage.authority());
        shape.run(attempt);
        attempt.check(stage);
    }

    @Override
    public void close() {
        service.close();
        ignoring.close();
        factories.forEach(LocalContainerEntityManagerFactoryBean::destroy);
        elsewhere.close();
        world.close();
    }

    private DataSource pool(TestDatabase database) {
        return database.newDataSource(settings -> settings.setAutoCommit(autoCommit));
    }

    private void replaceDataSources(AnnotationConfigApplicationContext context) {
        if (topology == Topology.ONE_DATABASE) {
            replace(context, "dataSource", Side.LEGACY);
        } else {
            replace(context, "legacyDataSource", Side.LEGACY);
            replace(context, "modernDataSource", Side.MODERN);
        }
    }

    private void replace(AnnotationConfigApplicationContext context, String name, Side side) {
        context.removeBeanDefinition(name);
        context.registerBean(
                name, DataSource.class, () -> pools.get(side), definition -> definition.setDestroyMethodName(""));
    }

    private void manager(AnnotationConfigApplicationContext context, String name, Side side, int synchronization) {
        context.registerBean(
                name + side,
                JdbcTransactionManager.class,
                () -> {
                    JdbcTransactionManager manager = new JdbcTransactionManager(pools.get(side));
                    manager.setTransactionSynchronization(synchronization);
                    return manager;
                },
                // As one that is named: the service's plain transactions are those of the auto-configured manager.
                definition -> definition.setAutowireCandidate(false));
    }

    private PlatformTransactionManager jpa(Side side) {
        return jpa.computeIfAbsent(side, wanted -> {
            LocalContainerEntityManagerFactoryBean factory = new LocalContainerEntityManagerFactoryBean();
            factory.setDataSource(pools.get(wanted));
            factory.setJpaVendorAdapter(new HibernateJpaVendorAdapter());
            factory.setPackagesToScan("dev.crossfade.spring.nothing");
            if (!autoCommit) {
                factory.getJpaPropertyMap().put("hibernate.connection.provider_disables_autocommit", "true");
            }
            factory.afterPropertiesSet();
            factories.add(factory);
            JpaTransactionManager manager = new JpaTransactionManager(factory.getObject());
            manager.afterPropertiesSet();
            SpringTransactions.listenTo(manager);
            return manager;
        });
    }

    /** One run of a shape. */
    final class Try {

        private final Side authority;
        private final List<Long> stored = new ArrayList<>();
        private final List<Long> undone = new ArrayList<>();

        private Try(Side authority) {
            this.authority = authority;
        }

        /** Saves a record that must be there in the end. */
        void stored() {
            stored.add(save(service));
        }

        /** Saves a record that must not be there in the end. */
        void undone() {
            long id = ids.incrementAndGet();
            undone.add(id);
            service.users().save(new User(id, null, "undone"));
        }

        /** A part of the transaction that is around it. */
        void failedPart() {
            service.crossfade().transaction(tx -> {
                undone();
                throw new IllegalStateException("the part failed");
            });
        }

        void storedWhereOthersAreIgnored() {
            stored.add(save(ignoring));
        }

        /** A statement of the service's own in the authoritative database, which must not count in the end. */
        void auditUndone() {
            new JdbcTemplate(pools.get(authority)).update("insert into audit values ('undone')");
        }

        /** Statements of the service's own: whatever has no transaction there has a connection that is shared. */
        void readEverywhere() {
            for (DataSource pool : pools.values()) {
                assertThat(new JdbcTemplate(pool).queryForObject("select 1", Integer.class))
                        .isEqualTo(1);
            }
        }

        TransactionTemplate own() {
            return service.transactions();
        }

        TransactionTemplate own(int propagation) {
            return service.transactions(propagation);
        }

        TransactionTemplate reading() {
            TransactionTemplate template = service.transactions();
            template.setReadOnly(true);
            return template;
        }

        TransactionTemplate onAuthority(String manager) {
            return new TransactionTemplate(
                    service.context().getBean(manager + authority, PlatformTransactionManager.class));
        }

        TransactionTemplate unknown() {
            return new TransactionTemplate(new JdbcTransactionManager(pools.get(authority)));
        }

        TransactionTemplate jpa() {
            return new TransactionTemplate(TransactionalPools.this.jpa(authority));
        }

        TransactionTemplate elsewhere() {
            return new TransactionTemplate(new JdbcTransactionManager(elsewhere.dataSource()));
        }

        private long save(SpringService saving) {
            long id = ids.incrementAndGet();
            saving.users().save(new User(id, null, "stored"));
            return id;
        }

        private void check(Stage stage) {
            assertThat(stored.size() + undone.size()).isPositive();
            assertThat(on(authority)).as("the authoritative side").isEqualTo(stored);
            assertThat(world.of(authority).dsl().fetchCount(DSL.table("public.audit")))
                    .isZero();
            if (stage.mirrors()) {
                world.drain();
                assertThat(on(authority.opposite())).as("the mirror side").isEqualTo(stored);
            }
        }

        private List<Long> on(Side side) {
            List<Long> all = new ArrayList<>(stored);
            all.addAll(undone);
            DSLContext database = world.of(side).dsl();
            String sql = side == Side.LEGACY
                    ? "select id::bigint from legacy.users where id = any (?) order by 1"
                    : "select account_id::bigint from modern.accounts where account_id = any (?) order by 1";
            return database.fetch(sql, (Object) all.toArray(Long[]::new)).map(row -> row.get(0, Long.class));
        }
    }
}
