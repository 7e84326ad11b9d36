package dev.crossfade.sample.storage;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.crossfade.model.CrossfadeException;
import dev.crossfade.model.UnavailableException;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A PostgreSQL server that belongs to this process; its data are deleted when it is closed. An answered commit
 * survives the death of the server, but not of the machine, because fsync is off. Not safe for use by several threads.
 */
public final class EmbeddedServer implements AutoCloseable {

    private static final Duration STARTUP = Duration.ofSeconds(60);
    private static final Duration CONNECTION = Duration.ofSeconds(5);
    private static final String USER = "postgres";

    private final EmbeddedPostgres postgres;
    private final Path data;
    private final Path control;

    /** The server's options, quoted for a shell. */
    private final String options;

    private EmbeddedServer(EmbeddedPostgres postgres, Path data) throws IOException {
        this.postgres = postgres;
        this.data = data;
        // PostgreSQL records here how it was started: the path of its binary, then each argument in double quotes
        String started = Files.readString(data.resolve("postmaster.opts")).strip();
        int end = started.indexOf(" \"");
        this.control = Path.of(started.substring(0, end)).resolveSibling("pg_ctl");
        this.options = started.substring(end + 1);
    }

    /**
     * Starts a server with an empty database on a free port of the loopback interface.
     *
     * @throws UnavailableException if it does not start
     */
    public static EmbeddedServer start() {
        try {
            Path data = Files.createTempDirectory("crossfade-sample-");
            EmbeddedPostgres postgres = EmbeddedPostgres.builder()
                    .setDataDirectory(data)
                    .setServerConfig("max_connections", "200")
                    .setServerConfig("shared_buffers", "128MB")
                    .setServerConfig("max_wal_size", "2GB")
                    // by default commits are answered before they reach the operating system
                    .setServerConfig("synchronous_commit", "on")
                    .setPGStartupWait(STARTUP)
                    .start();
            return new EmbeddedServer(postgres, data);
        } catch (IOException e) {
            throw new UnavailableException(
                    "The embedded PostgreSQL server does not start: %s Check the free space and the permissions of %s."
                            .formatted(e.getMessage(), System.getProperty("java.io.tmpdir")),
                    e);
        }
    }

    /** Returns the JDBC URL of the server's database. */
    public String url() {
        return "jdbc:postgresql://localhost:%d/postgres".formatted(postgres.getPort());
    }

    /** Returns the port. */
    public int port() {
        return postgres.getPort();
    }

    /** Opens a pool on the server's database; the caller closes it. */
    public HikariDataSource pool(String name, int connections) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(name);
        config.setJdbcUrl(url());
        config.setUsername(USER);
        config.setPassword(USER);
        config.setMaximumPoolSize(connections);
        config.setConnectionTimeout(CONNECTION.toMillis());
        return new HikariDataSource(config);
    }

    /** Kills every session at once, as a power cut does; returns when connections are refused. */
    public void kill() {
        pgCtl("stop", "-m", "immediate");
    }

    /** Starts the killed server on the same port and data; returns when it has recovered and answers. */
    public void restart() {
        pgCtl("start", "-o", options);
    }

    @Override
    public void close() {
        try {
            postgres.close();
        } catch (IOException e) {
            throw new UnavailableException("The embedded PostgreSQL server in " + data + " does not stop.", e);
        }
    }

    private void pgCtl(String... action) {
        List<String> command = new ArrayList<>();
        if ("root".equals(System.getProperty("user.name")) && Files.isExecutable(Path.of("/usr/bin/unshare"))) {
            // PostgreSQL refuses to run as root; its own user namespace hides that
            command.addAll(List.of("unshare", "-U"));
        }
        command.addAll(List.of(control.toString(), "-D", data.toString(), "-w"));
        command.addAll(List.of(action));
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(data.resolve("pg_ctl.log").toFile())
                    .start();
            if (!process.waitFor(STARTUP.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new UnavailableException(
                        "The embedded PostgreSQL server did not obey: " + String.join(" ", command), null);
            }
        } catch (IOException e) {
            throw new UnavailableException("Cannot run " + String.join(" ", command) + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CrossfadeException("Interrupted while waiting for the embedded PostgreSQL server.", e);
        }
    }
}
