package dev.crossfade.testing;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses the PostgreSQL server of this JVM's tests, starts it at the first use and shares it among all test classes:
 *
 * <ol>
 *   <li>the server named by {@code CROSSFADE_TEST_URL} (system property or environment variable, a JDBC URL), with
 *         {@code CROSSFADE_TEST_USER} and {@code CROSSFADE_TEST_PASSWORD}, if it is set;
 *   <li>a Testcontainers container if a container engine answers;
 *   <li>otherwise the embedded server.
 * </ol>
 *
 * Servers that this class starts answer commits before they are on disk, for speed; {@code CROSSFADE_TEST_DURABLE=true}
 * makes them wait. Crash tests use {@link StoppableServer#createDurable()}.
 */
final class TestServers {

    private static final Logger LOG = LoggerFactory.getLogger(TestServers.class);
    private static final int PROBE_MILLIS = 400;

    private TestServers() {}

    /** Returns this JVM's server, started; the same one every time. */
    static TestServer shared() {
        return Shared.SERVER;
    }

    /** Holds the server, so that the class loader starts it once. */
    private static final class Shared {
        static final TestServer SERVER = start();
    }

    private static TestServer start() {
        Optional<String> given = setting("CROSSFADE_TEST_URL");
        if (given.isPresent()) {
            return new TestServer(
                    given.get(),
                    setting("CROSSFADE_TEST_USER").orElse("postgres"),
                    setting("CROSSFADE_TEST_PASSWORD").orElse(""));
        }
        boolean durable =
                setting("CROSSFADE_TEST_DURABLE").map(Boolean::parseBoolean).orElse(false);
        if (containerEngineAnswers()) {
            try {
                return ContainerServer.start(durable);
            } catch (RuntimeException e) {
                LOG.warn(
                        "A container engine answers, but no PostgreSQL container starts. Using the embedded server.",
                        e);
            }
        }
        return EmbeddedServer.start(durable).server();
    }

    private static Optional<String> setting(String name) {
        String property = System.getProperty(name);
        return Optional.ofNullable(property == null ? System.getenv(name) : property)
                .filter(value -> !value.isBlank());
    }

    /** Checks before any Testcontainers class is loaded: its own search takes seconds and logs errors. */
    private static boolean containerEngineAnswers() {
        Optional<String> host = setting("DOCKER_HOST");
        if (host.isPresent()) {
            URI engine = URI.create(host.get());
            return "unix".equals(engine.getScheme()) ? answers(Path.of(engine.getPath())) : answers(engine);
        }
        Path home = Path.of(System.getProperty("user.home"));
        Stream<Path> sockets = Stream.of(
                Path.of("/var/run/docker.sock"),
                home.resolve(".docker/run/docker.sock"),
                home.resolve(".docker/desktop/docker.sock"));
        Stream<Path> rootless = setting("XDG_RUNTIME_DIR").map(dir -> Path.of(dir, "docker.sock")).stream();
        return Stream.concat(sockets, rootless).anyMatch(TestServers::answers);
    }

    private static boolean answers(Path socket) {
        if (!Files.exists(socket)) {
            return false;
        }
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return channel.connect(UnixDomainSocketAddress.of(socket));
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean answers(URI engine) {
        if (engine.getHost() == null || engine.getPort() < 0) {
            return false;
        }
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(engine.getHost(), engine.getPort()), PROBE_MILLIS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
