package dev.crossfade.testing;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** PgBouncer in transaction mode in front of a test's databases, where it is installed. */
public final class Pooler implements AutoCloseable {

    private static final String PROGRAM = "pgbouncer";

    private final Process process;
    private final Path folder;
    private final int port;

    private Pooler(Process process, Path folder, int port) {
        this.process = process;
        this.folder = folder;
        this.port = port;
    }

    /** Returns where it is installed, empty if it is not. */
    public static Optional<Path> installed() {
        return Stream.concat(Stream.of(System.getenv("PATH").split(":")), Stream.of("/usr/sbin", "/usr/local/sbin"))
                .map(directory -> Path.of(directory, PROGRAM))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * Starts it in front of a database's server.
     *
     * @param sessions how many of the server's sessions it uses for each database
     */
    public static Pooler inFrontOf(TestDatabase database, int sessions) {
        URI server = URI.create(database.url().substring("jdbc:".length()));
        try {
            Path folder = Files.createTempDirectory("crossfade-pooler-");
            int port = freePort();
            Path settings = folder.resolve("pgbouncer.ini");
            Files.writeString(settings, """
                    [databases]
                    * = host=%s port=%d user=%s password=%s
                    [pgbouncer]
                    listen_addr = 127.0.0.1
                    listen_port = %d
                    unix_socket_dir =
                    auth_type = any
                    pool_mode = transaction
                    default_pool_size = %d
                    max_client_conn = 500
                    ignore_startup_parameters = extra_float_digits
                    """.formatted(
                            server.getHost(), server.getPort(), database.user(), database.password(), port, sessions));
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.setPosixFilePermissions(settings, PosixFilePermissions.fromString("rw-r--r--"));
            List<String> command =
                    new ArrayList<>(List.of(installed().orElseThrow().toString()));
            if ("root".equals(System.getProperty("user.name"))) {
                // It does not run as root.
                command.addAll(List.of("-u", "nobody"));
            }
            command.add(settings.toString());
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("log").toFile())
                    .start();
            Awaitility.await().until(() -> !process.isAlive() || answers(port));
            if (!process.isAlive()) {
                throw new IllegalStateException("PgBouncer does not start: " + Files.readString(folder.resolve("log")));
            }
            return new Pooler(process, folder, port);
        } catch (IOException e) {
            throw new UncheckedIOException("PgBouncer does not start.", e);
        }
    }

    private static boolean answers(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Returns the JDBC URL of a database through it, without any parameter for a pooler. */
    public String url(TestDatabase database) {
        return "jdbc:postgresql://127.0.0.1:%d/%s".formatted(port, database.name());
    }

    /** Returns a pool of connections to a database through it. */
    public HikariDataSource dataSource(TestDatabase database, int connections) {
        return database.newDataSource(pool -> {
            pool.setJdbcUrl("jdbc:postgresql://127.0.0.1:%d/%s?prepareThreshold=0".formatted(port, database.name()));
            pool.setMaximumPoolSize(connections);
        });
    }

    @Override
    public void close() {
        process.destroy();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
            for (String name : List.of("pgbouncer.ini", "log")) {
                Files.deleteIfExists(folder.resolve(name));
            }
            Files.deleteIfExists(folder);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException("PgBouncer's folder cannot be removed.", e);
        }
    }
}
