package dev.crossfade.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.spring.SpringService;
import dev.crossfade.spring.actuate.CrossfadeHealth;
import dev.crossfade.testing.MirrorOutage;
import dev.crossfade.testing.RollingDeploy;
import dev.crossfade.testing.StoppableServer;
import dev.crossfade.testing.TestDatabase;
import dev.crossfade.testing.TestDatabases;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Users.User;
import dev.crossfade.testing.World;
import java.time.Duration;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.jdbc.DataSourceBuilder;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

/**
 * A context starts while the modern database is down, if legacy decides; its pools are made as Spring Boot makes them.
 */
class ModernDatabaseDownIT {

    private static final User ADA = new User(1, "ada@example.org", "Ada Lovelace");
    private static final User EVE = new User(2, "eve@example.org", "Eve Moneypenny");

    private static StoppableServer server;

    @BeforeAll
    static void start() {
        server = StoppableServer.createDurable();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void theServiceIsUpAndItsHealthShowsTheModernSide() throws Exception {
        try (World world = modernDownAt(Stage.MODERN_READ);
                SpringService service =
                        new SpringService(world, Topology.TWO_DATABASES, context -> asBootMakesIt(context, world))) {
            service.users().save(ADA);
            service.transactions()
                    .executeWithoutResult(status -> service.users().save(EVE));

            assertThat(service.users().find(1L)).contains(ADA);
            CrossfadeHealth health = service.context().getBean(CrossfadeHealth.class);
            Health withoutModern = health.health();
            assertThat(withoutModern.getStatus()).isEqualTo(Status.UP);
            assertThat(withoutModern.getDetails().get("modern"))
                    .asString()
                    .contains("The modern database (data source modernDataSource) cannot be used.", "localhost:");

            server.start();

            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .untilAsserted(
                            () -> assertThat(health.health().getDetails()).doesNotContainKey("modern"));
            assertThat(service.crossfade().awaitLevel(Duration.ofSeconds(60))).isTrue();
            Awaitility.await()
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(world.differences()).isEmpty());

            server.stop();

            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(health.health().getDetails())
                            .as("while it runs")
                            .containsKey("modern"));
            assertThat(health.health().getStatus()).isEqualTo(Status.UP);
        } finally {
            server.start();
        }
    }

    @Test
    void aContextDoesNotStartWhereTheModernDatabaseDecides() {
        try (World world = modernDownAt(Stage.MODERN_PRIMARY)) {
            assertThatThrownBy(() ->
                            new SpringService(world, Topology.TWO_DATABASES, context -> asBootMakesIt(context, world)))
                    .hasStackTraceContaining("user stands at modern-primary: the modern database decides there")
                    .hasStackTraceContaining("The modern database (data source modernDataSource) cannot be used.");
        } finally {
            server.start();
        }
    }

    static Stream<Arguments> outages() {
        Stream<Arguments> servers = Stream.of(Stage.values())
                .filter(stage -> stage.authority() == Side.LEGACY)
                .map(stage -> Arguments.of(Topology.TWO_DATABASES, stage, MirrorOutage.SERVER_DOWN));
        Stream<Arguments> tables = Stream.of(Stage.values())
                .map(stage -> Arguments.of(Topology.ONE_DATABASE, stage, MirrorOutage.TABLE_AWAY));
        return Stream.concat(servers, tables);
    }

    /** Writers go on through all of it. */
    @ParameterizedTest
    @MethodSource("outages")
    void contextsAreExchangedOneByOneWhileTheMirrorCannotBeUsed(Topology topology, Stage stage, MirrorOutage outage)
            throws InterruptedException {
        TestDatabase separate = topology == Topology.ONE_DATABASE ? null : server.createDatabase();
        try (World world = new World(TestDatabases.create(), separate)) {
            try (SpringService before = new SpringService(world, topology)) {
                before.moveTo(stage);
            }
            try (RollingDeploy deploy = new RollingDeploy(() -> start(world, topology))) {
                MirrorOutage.End end = outage.begin(world, stage.authority().opposite(), server);
                try {
                    deploy.awaitSaves();
                    deploy.exchange();
                } finally {
                    end.close();
                }
                deploy.awaitSaves();

                deploy.assertNobodyWasHeldUp(world, stage);
            }
        }
    }

    private static RollingDeploy.Instance start(World world, Topology topology) {
        SpringService service = new SpringService(world, topology, context -> {
            if (topology == Topology.TWO_DATABASES) {
                asBootMakesIt(context, world);
            }
        });
        return new RollingDeploy.Instance(service.crossfade(), service.users(), service::close);
    }

    private static World modernDownAt(Stage stage) {
        TestDatabase modern = server.createDatabase();
        World world = new World(TestDatabases.create(), modern);
        try (SpringService before = new SpringService(world, Topology.TWO_DATABASES)) {
            before.moveTo(stage);
        }
        server.stop();
        return world;
    }

    /** Such a pool connects when it is first asked, and asks once for every caller until that succeeds. */
    private static void asBootMakesIt(AnnotationConfigApplicationContext context, World world) {
        context.removeBeanDefinition("modernDataSource");
        context.registerBean("modernDataSource", DataSource.class, () -> {
            HikariDataSource pool = DataSourceBuilder.create()
                    .type(HikariDataSource.class)
                    .url(world.modern().url())
                    .username(world.modern().user())
                    .password(world.modern().password())
                    .build();
            pool.setConnectionTimeout(1000);
            return pool;
        });
    }
}
