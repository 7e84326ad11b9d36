package dev.crossfade.testing;

import org.testcontainers.postgresql.PostgreSQLContainer;

/**
 * A PostgreSQL container; Testcontainers removes it when the JVM ends. Loaded only where a container engine answers.
 */
final class ContainerServer {

    private static final String IMAGE = "postgres:18-alpine";

    private ContainerServer() {}

    static TestServer start(boolean durable) {
        String commits = durable ? "on" : "off";
        PostgreSQLContainer container = new PostgreSQLContainer(IMAGE);
        container.setCommand(
                "postgres",
                "-c",
                "max_connections=" + EmbeddedServer.MAX_CONNECTIONS,
                "-c",
                "fsync=" + commits,
                "-c",
                "synchronous_commit=" + commits);
        container.start();
        return new TestServer(container.getJdbcUrl(), container.getUsername(), container.getPassword());
    }
}
