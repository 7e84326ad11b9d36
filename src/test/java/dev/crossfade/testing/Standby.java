package dev.crossfade.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;

/** A streaming replica of a {@link StoppableServer}, always embedded. Not safe for use by several threads. */
public final class Standby implements AutoCloseable {

    private static final List<String> OF_THE_PROCESS = List.of("postmaster.pid", "postmaster.opts", "epg-lock");

    private final EmbeddedPostgres process;
    private final Path data;

    private Standby(EmbeddedPostgres process, Path data) {
        this.process = process;
        this.data = data;
    }

    /** Starts a replica that its server knows as {@code name}; it streams soon after. */
    public static Standby of(StoppableServer primary, String name) {
        String url = "jdbc:postgresql://localhost:" + primary.port() + "/postgres";
        try (Connection connection = DriverManager.getConnection(url, "postgres", "postgres");
                Statement statement = connection.createStatement()) {
            Path data = Files.createTempDirectory("crossfade-standby-");
            statement.execute("select pg_backup_start('standby', fast => true)");
            copy(primary.data(), data);
            try (ResultSet stopped =
                    statement.executeQuery("select labelfile from pg_backup_stop(wait_for_archive => false)")) {
                stopped.next();
                Files.writeString(data.resolve("backup_label"), stopped.getString(1));
            }
            Files.createFile(data.resolve("standby.signal"));
            Files.writeString(
                    data.resolve("postgresql.auto.conf"),
                    "primary_conninfo = 'host=localhost port=%d user=postgres application_name=%s'%n"
                            .formatted(primary.port(), name),
                    StandardOpenOption.APPEND);
            return new Standby(
                    EmbeddedPostgres.builder()
                            .setDataDirectory(data)
                            .setCleanDataDirectory(false)
                            .setServerConfig("max_connections", EmbeddedServer.MAX_CONNECTIONS)
                            .setPGStartupWait(Duration.ofMinutes(1))
                            .start(),
                    data);
        } catch (IOException e) {
            throw new UncheckedIOException("The standby does not start.", e);
        } catch (SQLException e) {
            throw new IllegalStateException("The standby cannot be copied from its server: " + e.getMessage(), e);
        }
    }

    /** Stops replaying the WAL, which is still received; returns once it has stopped. */
    public void pauseReplay() {
        execute("select pg_wal_replay_pause()");
        while (!"paused".equals(value("select pg_get_wal_replay_pause_state()"))) {
            Thread.onSpinWait();
        }
    }

    /** Resumes replaying the WAL. */
    public void resumeReplay() {
        execute("select pg_wal_replay_resume()");
    }

    /** Returns its port on this machine. */
    int port() {
        return process.getPort();
    }

    /** Waits until it has replayed everything that its server has committed so far. */
    void catchUp(StoppableServer primary) {
        String url = "jdbc:postgresql://localhost:" + primary.port() + "/postgres";
        try (Connection connection = DriverManager.getConnection(url, "postgres", "postgres");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select cast(pg_current_wal_insert_lsn() as text)")) {
            row.next();
            String position = row.getString(1);
            await("select coalesce(pg_last_wal_replay_lsn() >= '" + position + "', false)");
        } catch (SQLException e) {
            throw new IllegalStateException("The standby's server does not answer: " + e.getMessage(), e);
        }
    }

    /** Stops receiving the WAL: its server's later commits never arrive here. */
    public void stopReceiving() {
        execute("alter system set primary_conninfo = ''");
        execute("select pg_reload_conf()");
        await("select not exists (select from pg_stat_wal_receiver)");
    }

    /** Promotes it to a server of its own, with a new timeline; returns once it accepts writes. */
    public void promote() {
        await("select pg_promote(true, 60)");
        await("select not pg_is_in_recovery()");
    }

    /** Stops the replica and removes its data. */
    @Override
    public void close() {
        try {
            process.close();
            Files.walkFileTree(data, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path directory, IOException failure) throws IOException {
                    Files.delete(directory);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException("The standby does not stop.", e);
        }
    }

    /** A file that disappears while it is copied is not part of the backup. */
    private static void copy(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                    throws IOException {
                if (!directory.equals(from)) {
                    Files.createDirectory(to.resolve(from.relativize(directory)));
                }
                return directory.endsWith("pg_replslot") ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (!OF_THE_PROCESS.contains(file.getFileName().toString())) {
                    try {
                        Files.copy(file, to.resolve(from.relativize(file)));
                    } catch (NoSuchFileException e) {
                        return FileVisitResult.CONTINUE;
                    }
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw failure;
            }
        });
    }

    private void execute(String sql) {
        try (Connection connection = process.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException("The standby does not answer: " + e.getMessage(), e);
        }
    }

    private void await(String condition) {
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> "t".equals(value(condition)));
    }

    private String value(String sql) {
        try (Connection connection = process.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return String.valueOf(row.getString(1));
        } catch (SQLException e) {
            throw new IllegalStateException("The standby does not answer: " + e.getMessage(), e);
        }
    }
}
