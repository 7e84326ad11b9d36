package dev.crossfade.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.crossfade.Crossfade;
import dev.crossfade.fleet.Fleet;
import dev.crossfade.model.RefusedException;
import dev.crossfade.model.Stage;
import dev.crossfade.spring.SpringService;
import dev.crossfade.spring.actuate.CrossfadeEndpoint;
import dev.crossfade.spring.actuate.CrossfadeHealth;
import dev.crossfade.spring.transaction.AuthorityTransactions;
import dev.crossfade.testing.TestDatabase;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Users;
import dev.crossfade.testing.Users.User;
import dev.crossfade.testing.World;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.transaction.PlatformTransactionManager;
import org.togglz.core.repository.FeatureState;
import org.togglz.core.repository.StateRepository;
import org.togglz.core.spi.FeatureProvider;
import org.togglz.core.user.SimpleFeatureUser;
import org.togglz.core.user.UserProvider;
import org.togglz.core.util.NamedFeature;

/** What Spring Boot configures with this starter, on real databases. */
class CrossfadeAutoConfigurationIT {

    private static final User ADA = new User(1, "ada@example.org", "Ada Lovelace");

    @ParameterizedTest
    @EnumSource
    void aServiceGetsCrossfadeOnItsDataSources(Topology topology) {
        MeterRegistry meters = new SimpleMeterRegistry();
        try (World world = new World(topology);
                SpringService service = new SpringService(
                        world, topology, context -> context.registerBean(MeterRegistry.class, () -> meters))) {
            service.users().save(ADA);

            assertThat(service.users().find(1L)).contains(ADA);
            assertThat(meters.getMeters())
                    .extracting(meter -> meter.getId().getName())
                    .anyMatch(name -> name.startsWith("crossfade."));
            assertThat(new Fleet(world.databases().controlDsl()).live())
                    .extracting(member -> member.instance().version())
                    .containsExactly("spring");
            assertThat(service.context().getBeansOfType(PlatformTransactionManager.class))
                    .hasSize(1)
                    .satisfies(managers -> assertThat(managers.containsKey("crossfadeTransactionManager"))
                            .isEqualTo(topology == Topology.TWO_DATABASES));
        }
    }

    @Test
    void settingsAndCustomizersReachTheRoutingLayer() {
        try (World world = new World(Topology.ONE_DATABASE);
                SpringService service = new SpringService(world, Topology.ONE_DATABASE, context -> {
                    TestPropertyValues.of("ENABLE_MODERN_WRITE=false").applyTo(context);
                    context.registerBean(
                            CrossfadeBuilderCustomizer.class,
                            () -> builder -> builder.applicationVersion("customized"));
                })) {
            service.moveTo(Stage.DUAL_WRITE);
            try (TestDatabase.Session session = world.modern().session()) {
                session.execute("begin; lock table modern.accounts in share row exclusive mode");
                service.users().save(ADA);
                assertThat(world.intents()).isEqualTo(1);
            }
            assertThat(new Fleet(world.databases().controlDsl()).live())
                    .extracting(member -> member.instance().version())
                    .containsExactly("customized");
        }
        try (World world = new World(Topology.ONE_DATABASE);
                SpringService service = new SpringService(
                        world,
                        Topology.ONE_DATABASE,
                        context -> TestPropertyValues.of(
                                        "ENABLE_MODERN_WRITE=false", "crossfade.enable-modern-write=true")
                                .applyTo(context))) {
            service.moveTo(Stage.DUAL_WRITE);
            service.users().save(ADA);
            assertThat(world.intents()).isZero();
            assertThat(world.differences()).isEmpty();
        }
    }

    @Test
    void aCrossfadeOfTheServicesOwnIsLeftAlone() {
        try (World world = new World(Topology.ONE_DATABASE);
                SpringService service = new SpringService(
                        world,
                        Topology.ONE_DATABASE,
                        context -> context.registerBean(
                                "own",
                                Crossfade.class,
                                () -> Crossfade.builder()
                                        .database(world.legacy().dataSource())
                                        .applicationVersion("own")
                                        .build()))) {
            assertThat(service.context().getBeanNamesForType(Crossfade.class)).containsExactly("own");
            assertThat(service.context().getBeansOfType(AuthorityTransactions.class))
                    .isEmpty();
            assertThat(service.context()
                            .getBean(CrossfadeEndpoint.class)
                            .overview()
                            .entities())
                    .hasSize(1);
        }
    }

    @Test
    void crossfadeIsClosedBeforeTheDataSource() {
        AtomicInteger instancesAtTheEnd = new AtomicInteger(-1);
        try (World world = new World(Topology.ONE_DATABASE)) {
            HikariDataSource pool = world.legacy().newDataSource(settings -> {});
            SpringService service = new SpringService(world, Topology.ONE_DATABASE, context -> {
                context.removeBeanDefinition("dataSource");
                context.registerBean(
                        "pool",
                        ObservedPool.class,
                        () -> new ObservedPool(
                                pool,
                                () -> instancesAtTheEnd.set(
                                        new Fleet(world.databases().controlDsl())
                                                .live()
                                                .size())));
            });
            service.users().save(ADA);

            service.close();

            assertThat(instancesAtTheEnd).hasValue(0);
        }
    }

    @Test
    void togglzMovesStagesInTheNameOfItsUser() {
        try (World world = new World(Topology.ONE_DATABASE);
                SpringService service = new SpringService(
                        world,
                        Topology.ONE_DATABASE,
                        context -> context.registerBean(
                                UserProvider.class, () -> () -> new SimpleFeatureUser("grace", true)))) {
            StateRepository flags = service.context().getBean(StateRepository.class);
            NamedFeature dualWrite = new NamedFeature("user.dual-write");

            assertThat(service.context().getBean(FeatureProvider.class).getFeatures())
                    .extracting(feature -> feature.name())
                    .contains("user.dual-write", "user.legacy-off");
            flags.setFeatureState(new FeatureState(dualWrite, true));
            assertThatThrownBy(() ->
                            flags.setFeatureState(new FeatureState(new NamedFeature("user.modern-primary"), true)))
                    .isInstanceOf(RefusedException.class);

            Awaitility.await().until(() -> service.crossfade().stage("user") == Stage.DUAL_WRITE);
            assertThat(world.legacy()
                            .dsl()
                            .fetchValue("select string_agg(changed_by, ',') from crossfade.stage_change"))
                    .isEqualTo("grace");
        }
    }

    @Test
    void theEndpointShowsWhereEachEntityStands() {
        try (World world = new World(Topology.TWO_DATABASES);
                SpringService service = new SpringService(world, Topology.TWO_DATABASES)) {
            service.moveTo(Stage.DUAL_WRITE);
            CrossfadeEndpoint endpoint = service.context().getBean(CrossfadeEndpoint.class);
            try (TestDatabase.Session session = world.modern().session()) {
                session.execute("begin; lock table modern.accounts in share row exclusive mode");
                service.users().save(ADA);

                assertThat(endpoint.overview().entities()).singleElement().satisfies(user -> {
                    assertThat(user.entity()).isEqualTo("user");
                    assertThat(user.stage()).isEqualTo("dual-write");
                    assertThat(user.epoch()).isEqualTo(1);
                    assertThat(user.pendingKeys()).isEqualTo(1);
                    assertThat(user.mappingFingerprint()).isEqualTo(Users.MAPPING.fingerprint());
                });
                assertThat(endpoint.entity("user"))
                        .isEqualTo(endpoint.overview().entities().getFirst());
                assertThat(endpoint.entity("order")).isNull();
            }
        }
    }

    @Test
    void theHealthIsThatOfTheControlDatabaseAndTheHeartbeat() {
        try (World world = new World(Topology.TWO_DATABASES);
                SpringService service = new SpringService(
                        world,
                        Topology.TWO_DATABASES,
                        context -> TestPropertyValues.of("crossfade.liveness=500ms")
                                .applyTo(context))) {
            CrossfadeHealth health = service.context().getBean(CrossfadeHealth.class);
            Health up = health.health();
            assertThat(up.getStatus()).isEqualTo(Status.UP);
            assertThat(up.getDetails())
                    .containsEntry("stages", Map.of("user", "legacy-only"))
                    .containsEntry("instances", 1);

            world.legacy().execute("alter table crossfade.instance rename column heartbeat_at to away");
            assertThat(health.health().getStatus()).isEqualTo(Status.DOWN);
            world.legacy().execute("alter table crossfade.instance rename column away to heartbeat_at");

            try (TestDatabase.Session session = world.legacy().session()) {
                session.execute("begin; select * from crossfade.instance for update");
                Awaitility.await()
                        .atMost(Duration.ofSeconds(20))
                        .untilAsserted(
                                () -> assertThat(health.health().getDetails().get("reason"))
                                        .asString()
                                        .contains("lost its heartbeat"));
            }
            Awaitility.await().until(() -> health.health().getStatus().equals(Status.UP));
        }
    }

    /** Tells when it is closed. */
    static final class ObservedPool extends DelegatingDataSource implements AutoCloseable {

        private final Runnable closing;

        ObservedPool(DataSource pool, Runnable closing) {
            super(pool);
            this.closing = closing;
        }

        @Override
        public void close() {
            closing.run();
        }
    }
}
