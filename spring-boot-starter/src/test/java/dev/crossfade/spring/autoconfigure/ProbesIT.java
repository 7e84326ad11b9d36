package dev.crossfade.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.crossfade.Crossfade;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.testing.StoppableServer;
import dev.crossfade.testing.TestDatabase;
import dev.crossfade.testing.TestDatabases;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Users.DualWriteUsers;
import dev.crossfade.testing.Users.User;
import dev.crossfade.testing.World;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.jdbc.DataSourceBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.GenericApplicationContext;

/** What the actuator answers over HTTP while a server is stopped: a mirror that is away takes no instance away. */
class ProbesIT {

    private static final User ADA = new User(1, "ada@example.org", "Ada Lovelace");

    /** As the guide has it. */
    private static final String READINESS =
            "management.endpoint.health.group.readiness.include=readinessState,crossfade,db";

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
    void aMirrorThatIsAwayLeavesEveryProbeUp() throws Exception {
        try (World world = new World(TestDatabases.create(), server.createDatabase());
                Service service = new Service(world)) {
            service.moveTo(Stage.MODERN_READ);
            assertThat(service.get("/actuator/health").statusCode()).isEqualTo(200);

            server.stop();

            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(
                                    service.get("/actuator/health/crossfade").body())
                            .contains("\"modern\""));
            for (String path : new String[] {
                "/actuator/health",
                "/actuator/health/readiness",
                "/actuator/health/liveness",
                "/actuator/health/crossfade",
                "/actuator/health/db"
            }) {
                HttpResponse<String> answer = service.get(path);
                assertThat(answer.statusCode()).as(path).isEqualTo(200);
                assertThat(answer.body()).as(path).startsWith("{").contains("\"status\":\"UP\"");
            }
            assertThat(service.get("/actuator/health/db").body())
                    .contains("\"modernDataSource\"", "\"UNKNOWN\"", "The modern side decides for no entity");
            service.users().save(ADA);
        } finally {
            server.start();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"LEGACY", "MODERN"})
    void anAuthorityThatIsAwayTakesReadinessAwayAndLeavesTheProcessAlone(Side authority) throws Exception {
        TestDatabase stoppable = server.createDatabase();
        TestDatabase other = TestDatabases.create();
        try (World world = authority == Side.LEGACY ? new World(stoppable, other) : new World(other, stoppable);
                Service service = new Service(world)) {
            service.moveTo(authority == Side.LEGACY ? Stage.DUAL_WRITE : Stage.MODERN_PRIMARY);

            server.stop();

            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .untilAsserted(
                            () -> assertThat(service.get("/actuator/health").statusCode())
                                    .isEqualTo(503));
            assertThat(service.get("/actuator/health/readiness").statusCode()).isEqualTo(503);
            assertThat(service.get("/actuator/health/crossfade").statusCode()).isEqualTo(503);
            assertThat(service.get("/actuator/health/db").statusCode()).isEqualTo(503);
            assertThat(service.get("/actuator/health/liveness").statusCode()).isEqualTo(200);

            server.start();

            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(
                                    service.get("/actuator/health/readiness").statusCode())
                            .isEqualTo(200));
        } finally {
            server.start();
        }
    }

    /** The legacy side is the mirror then, and its database also has the stages, which stay as they are known. */
    @Test
    void aLegacyDatabaseThatOnlyHoldsMirrorsLeavesEveryProbeUp() throws Exception {
        try (World world = new World(server.createDatabase(), TestDatabases.create());
                Service service = new Service(world)) {
            service.moveTo(Stage.MODERN_PRIMARY);

            server.stop();

            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(
                                    service.get("/actuator/health/crossfade").body())
                            .contains("The control database cannot be used."));
            assertThat(service.get("/actuator/health").statusCode()).isEqualTo(200);
            assertThat(service.get("/actuator/health/readiness").statusCode()).isEqualTo(200);
            assertThat(service.get("/actuator/health/liveness").statusCode()).isEqualTo(200);
            service.users().save(ADA);
            assertThat(service.users().find(1L)).contains(ADA);
        } finally {
            server.start();
        }
    }

    @Test
    void theMirrorCountsInTheHealthDbWhereThatIsAskedFor() throws Exception {
        try (World world = new World(TestDatabases.create(), server.createDatabase());
                Service service = new Service(world, "--crossfade.mirror-in-db-health=true")) {
            service.moveTo(Stage.DUAL_WRITE);

            server.stop();

            assertThat(service.get("/actuator/health/db").statusCode()).isEqualTo(503);
            assertThat(service.get("/actuator/health").statusCode()).isEqualTo(503);
            assertThat(service.get("/actuator/health/crossfade").statusCode()).isEqualTo(200);
        } finally {
            server.start();
        }
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsUnknownWhileAllIsWell(Topology topology) throws Exception {
        try (World world = new World(topology);
                Service service = new Service(world)) {
            service.moveTo(Stage.MODERN_PRIMARY);

            HttpResponse<String> db = service.get("/actuator/health/db");

            assertThat(db.statusCode()).isEqualTo(200);
            assertThat(db.body()).contains("UP").doesNotContain("UNKNOWN");
        }
    }

    /** A service as Spring Boot starts it, with a web server. */
    private static final class Service implements AutoCloseable {

        private final World world;
        private final ConfigurableApplicationContext context;
        private final HttpClient client = HttpClient.newHttpClient();

        Service(World world, String... further) {
            this.world = world;
            SpringApplication application = new SpringApplication(Application.class);
            application.addInitializers(context -> dataSources((GenericApplicationContext) context, world));
            String[] arguments = new String[further.length + 6];
            arguments[0] = "--server.port=0";
            arguments[1] = "--" + READINESS;
            arguments[2] = "--management.endpoint.health.show-details=always";
            arguments[3] = "--crossfade.stage-polling=20ms";
            arguments[4] = "--spring.main.banner-mode=off";
            arguments[5] = "--spring.data.jpa.repositories.enabled=false";
            System.arraycopy(further, 0, arguments, 6, further.length);
            this.context = application.run(arguments);
        }

        private static void dataSources(GenericApplicationContext context, World world) {
            if (world.databases().areShared()) {
                context.registerBean("dataSource", DataSource.class, () -> pool(world.legacy()));
            } else {
                context.registerBean("legacyDataSource", DataSource.class, () -> pool(world.legacy()));
                context.registerBean("modernDataSource", DataSource.class, () -> pool(world.modern()));
            }
        }

        private static HikariDataSource pool(TestDatabase database) {
            HikariDataSource pool = DataSourceBuilder.create()
                    .type(HikariDataSource.class)
                    .url(database.url())
                    .username(database.user())
                    .password(database.password())
                    .build();
            pool.setConnectionTimeout(1000);
            return pool;
        }

        void moveTo(Stage stage) {
            world.moveTo(context.getBean(Crossfade.class), stage);
        }

        DualWriteUsers users() {
            return context.getBean(DualWriteUsers.class);
        }

        HttpResponse<String> get(String path) throws IOException, InterruptedException {
            String port = context.getEnvironment().getProperty("local.server.port");
            return client.send(
                    HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                            .build(),
                    BodyHandlers.ofString());
        }

        @Override
        public void close() {
            context.close();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {

        @Bean
        DualWriteUsers users(Crossfade crossfade) {
            return new DualWriteUsers(crossfade.routing());
        }
    }
}
