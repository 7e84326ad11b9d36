package dev.crossfade.spring.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.model.RefusedException;
import dev.crossfade.model.Stage;
import dev.crossfade.spring.SpringService;
import dev.crossfade.testing.TestDatabase;
import dev.crossfade.testing.TestDatabases;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Users.DualWriteUsers;
import dev.crossfade.testing.Users.User;
import dev.crossfade.testing.World;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;
import org.springframework.orm.jpa.vendor.HibernateJpaVendorAdapter;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** Which transactions are joined: those of every manager whose data source leads to Crossfade's, and no others. */
class TransactionManagersIT {

    private static final User ADA = new User(1, "ada@example.org", "Ada Lovelace");
    private static final User BOB = new User(2, "bob@example.org", "Bob");

    /** Wrappers that a service may put around its pool. */
    enum Wrapping {
        NONE,
        LAZY,
        TRANSACTION_AWARE,
        BOTH;

        DataSource around(DataSource pool) {
            return switch (this) {
                case NONE -> pool;
                case LAZY -> new LazyConnectionDataSourceProxy(pool);
                case TRANSACTION_AWARE -> new TransactionAwareDataSourceProxy(pool);
                case BOTH -> new TransactionAwareDataSourceProxy(new LazyConnectionDataSourceProxy(pool));
            };
        }
    }

    @ParameterizedTest
    @EnumSource
    void aManagerWithAWrappedDataSourceIsJoined(Wrapping wrapping) {
        try (World world = new World(Topology.ONE_DATABASE)) {
            DataSource wrapped = wrapping.around(world.legacy().dataSource());
            try (SpringService service = new SpringService(
                    world,
                    Topology.ONE_DATABASE,
                    context -> context.registerBean("wrapped", DataSource.class, () -> wrapped, bean -> {
                        bean.setDestroyMethodName("");
                    }))) {
                service.moveTo(Stage.MODERN_READ);
                commitsAndRollsBack(service, new DataSourceTransactionManager(wrapped));
                assertThat(world.differences()).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void theServicesOnlyDataSourceMayBeWrapped(Wrapping wrapping) {
        try (World world = new World(Topology.ONE_DATABASE)) {
            DataSource wrapped = wrapping.around(world.legacy().dataSource());
            try (SpringService service = new SpringService(world, Topology.ONE_DATABASE, context -> {
                context.removeBeanDefinition("dataSource");
                context.registerBean("wrapped", DataSource.class, () -> wrapped, bean -> bean.setDestroyMethodName(""));
            })) {
                service.moveTo(Stage.MODERN_READ);
                commitsAndRollsBack(service, service.context().getBean(PlatformTransactionManager.class));
            }
        }
    }

    @Test
    void aTransactionOfJpaIsJoined() {
        try (World world = new World(Topology.ONE_DATABASE);
                SpringService service = new SpringService(world, Topology.ONE_DATABASE)) {
            service.moveTo(Stage.MODERN_READ);
            LocalContainerEntityManagerFactoryBean jpa = jpa(world, Map.of());
            try {
                JpaTransactionManager manager = new JpaTransactionManager(jpa.getObject());
                manager.afterPropertiesSet();

                commitsAndRollsBack(service, manager);
                assertThat(world.differences()).isEmpty();
            } finally {
                jpa.destroy();
            }
        }
    }

    /** Hibernate is told that the pool has auto-commit off, which it has not: each statement would be committed. */
    @Test
    void aTransactionWhoseConnectionCommitsEachStatementIsRefused() {
        try (World world = new World(Topology.ONE_DATABASE);
                SpringService service = new SpringService(world, Topology.ONE_DATABASE)) {
            LocalContainerEntityManagerFactoryBean jpa =
                    jpa(world, Map.of("hibernate.connection.provider_disables_autocommit", "true"));
            try {
                TransactionTemplate transactions = new TransactionTemplate(new JpaTransactionManager(jpa.getObject()));

                assertThatThrownBy(() -> transactions.executeWithoutResult(status -> assertThatThrownBy(
                                        () -> service.users().save(ADA))
                                .isInstanceOf(RefusedException.class)
                                .hasMessageContaining("spring.datasource.hikari.auto-commit=false")))
                        .hasMessageContaining("Unable to commit");

                assertThat(service.users().page(null, 10)).isEmpty();
            } finally {
                jpa.destroy();
            }
        }
    }

    @Test
    void aTransactionOnAnotherDataSourceIsRefused() {
        try (World world = new World(Topology.ONE_DATABASE);
                SpringService service = new SpringService(world, Topology.ONE_DATABASE);
                TestDatabase other = TestDatabases.create()) {
            TransactionTemplate elsewhere = new TransactionTemplate(new JdbcTransactionManager(other.dataSource()));

            assertThatThrownBy(() -> elsewhere.executeWithoutResult(
                            status -> service.users().save(ADA)))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("none on Crossfade's data source")
                    .hasMessageContaining("crossfade.other-transactions");

            assertThat(service.users().page(null, 10)).isEmpty();
        }
    }

    @Test
    void aTransactionOnAnotherDataSourceIsIgnoredWhereThatIsSet() {
        try (World world = new World(Topology.ONE_DATABASE);
                SpringService service = new SpringService(
                        world,
                        Topology.ONE_DATABASE,
                        context -> TestPropertyValues.of("crossfade.other-transactions=ignore")
                                .applyTo(context));
                TestDatabase other = TestDatabases.create()) {
            TransactionTemplate elsewhere = new TransactionTemplate(new JdbcTransactionManager(other.dataSource()));

            elsewhere.executeWithoutResult(status -> {
                service.users().save(ADA);
                status.setRollbackOnly();
            });

            assertThat(service.users().find(1L)).contains(ADA);
        }
    }

    private static LocalContainerEntityManagerFactoryBean jpa(World world, Map<String, String> properties) {
        LocalContainerEntityManagerFactoryBean jpa = new LocalContainerEntityManagerFactoryBean();
        jpa.setDataSource(world.legacy().dataSource());
        jpa.setJpaVendorAdapter(new HibernateJpaVendorAdapter());
        jpa.setPackagesToScan("dev.crossfade.spring.nothing");
        jpa.getJpaPropertyMap().putAll(properties);
        jpa.afterPropertiesSet();
        return jpa;
    }

    private static void commitsAndRollsBack(SpringService service, PlatformTransactionManager manager) {
        DualWriteUsers users = service.users();
        TransactionTemplate transactions = new TransactionTemplate(manager);
        TransactionTemplate requiresNew = new TransactionTemplate(manager);
        requiresNew.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);

        transactions.executeWithoutResult(status -> users.save(ADA));
        transactions.executeWithoutResult(status -> {
            users.delete(1L);
            // Something of Crossfade's own in between must not commit what is open here.
            service.crossfade().stages().standing("user");
            requiresNew.executeWithoutResult(inner -> users.save(BOB));
            assertThat(users.page(null, 10)).containsExactly(BOB);
            status.setRollbackOnly();
        });

        assertThat(users.page(null, 10)).containsExactly(ADA, BOB);
    }
}
