package dev.crossfade.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.slf4j.LoggerFactory;

/**
 * An embedded PostgreSQL server with a data directory of its own; stopped and removed when the JVM ends.
 *
 * @param process the running server
 * @param data its data directory
 */
record EmbeddedServer(EmbeddedPostgres process, Path data) {

    static final String MAX_CONNECTIONS = "300";

    private static final String USER = "postgres";

    /**
     * Starts a server on a free port.
     *
     * @param durable whether a commit waits until it is on disk
     */
    static EmbeddedServer start(boolean durable) {
        String commits = durable ? "on" : "off";
        try {
            Path data = Files.createTempDirectory("crossfade-postgres-");
            EmbeddedPostgres process = EmbeddedPostgres.builder()
                    .setDataDirectory(data)
                    .setServerConfig("max_connections", MAX_CONNECTIONS)
                    // the server is started with fsync off; this later option wins
                    .setServerConfig("fsync", commits)
                    .setServerConfig("synchronous_commit", commits)
                    .setServerConfig("full_page_writes", commits)
                    .setPGStartupWait(Duration.ofMinutes(1))
                    .start();
            LoggerFactory.getLogger(EmbeddedServer.class).info("Embedded PostgreSQL on port {}", process.getPort());
            return new EmbeddedServer(process, data);
        } catch (IOException e) {
            throw new UncheckedIOException("The embedded PostgreSQL server does not start. Set CROSSFADE_TEST_URL.", e);
        }
    }

    TestServer server() {
        return new TestServer("jdbc:postgresql://localhost:" + process.getPort() + "/postgres", USER, USER);
    }
}
