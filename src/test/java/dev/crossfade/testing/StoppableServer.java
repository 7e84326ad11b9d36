package dev.crossfade.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A separate server that a test can stop and start again, for outage and crash tests. Always the embedded one. Not
 * safe for use by several threads.
 */
public final class StoppableServer implements AutoCloseable {

    private static final int PATIENCE_SECONDS = 60;

    private final EmbeddedServer embedded;
    private final TestServer server;

    /** The command line that the server was first started with, one argument an element. */
    private final List<String> arguments;

    private final Path control;
    private boolean running = true;

    private StoppableServer(EmbeddedServer embedded) throws IOException {
        this.embedded = embedded;
        this.server = embedded.server();
        // PostgreSQL notes here how it was started: the path of its binary, then each argument in double quotes
        String options =
                Files.readString(embedded.data().resolve("postmaster.opts")).strip();
        int end = options.indexOf(" \"");
        this.control = Path.of(options.substring(0, end)).resolveSibling("pg_ctl");
        this.arguments =
                List.of(options.substring(end).strip().replaceAll("^\"|\"$", "").split("\" \""));
    }

    /** Starts a server that answers commits before they are on disk. It survives {@link #stop()} only by luck. */
    public static StoppableServer create() {
        return create(false);
    }

    /** Starts a server on which a commit that was answered survives {@link #stop()}. */
    public static StoppableServer createDurable() {
        return create(true);
    }

    private static StoppableServer create(boolean durable) {
        try {
            return new StoppableServer(EmbeddedServer.start(durable));
        } catch (IOException e) {
            throw new UncheckedIOException("The server's start options cannot be read.", e);
        }
    }

    /** Creates an empty database on this server. */
    public TestDatabase createDatabase() {
        return server.createDatabase();
    }

    /** Returns the server's data directory. */
    Path data() {
        return embedded.data();
    }

    /** Returns the server's port on this machine. */
    int port() {
        return embedded.process().getPort();
    }

    /** Tells whether the server has been started and not stopped. */
    public boolean isRunning() {
        return running;
    }

    /** Kills every session at once, as a power cut does; returns when connections are refused. */
    public void stop() {
        if (running) {
            pgCtl("stop", "-m", "immediate");
            running = false;
        }
    }

    /** Kills the server's processes one by one, {@code kill -9}; returns when all of them are gone. */
    public void kill() {
        if (!running) {
            return;
        }
        List<ProcessHandle> processes = new ArrayList<>();
        ProcessHandle postmaster = postmaster();
        processes.add(postmaster);
        postmaster.descendants().forEach(processes::add);
        processes.forEach(ProcessHandle::destroyForcibly);
        for (ProcessHandle process : processes) {
            try {
                process.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("Interrupted while waiting for a killed server's end.", e);
            } catch (ExecutionException | TimeoutException e) {
                throw new IllegalStateException("A process of the killed server does not end: " + process.pid(), e);
            }
        }
        running = false;
    }

    private ProcessHandle postmaster() {
        try {
            String pid = Files.readAllLines(embedded.data().resolve("postmaster.pid"))
                    .getFirst();
            return ProcessHandle.of(Long.parseLong(pid.strip())).orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException("The server's process number cannot be read.", e);
        }
    }

    /** Starts the server on the same port and data; returns when it has recovered and answers. */
    public void start() {
        if (!running) {
            List<String> options = arguments.subList(arguments.indexOf("-D") + 2, arguments.size());
            pgCtl("start", "-o", String.join(" ", options));
            running = true;
        }
    }

    /** Stops the server and removes its data. Drop its databases first, or leave that out: nothing remains. */
    @Override
    public void close() {
        start();
        try {
            embedded.process().close();
        } catch (IOException e) {
            throw new UncheckedIOException("The embedded server does not stop.", e);
        }
    }

    private void pgCtl(String... action) {
        List<String> command = new ArrayList<>();
        if (isLinux() && "root".equals(System.getProperty("user.name"))) {
            // PostgreSQL refuses to run as root; a user namespace of its own hides that
            command.addAll(List.of("unshare", "-U"));
        }
        command.addAll(List.of(control.toString(), "-D", embedded.data().toString(), "-w"));
        command.addAll(List.of(action));
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(
                            embedded.data().resolve("crossfade-pg_ctl.log").toFile())
                    .start();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IllegalStateException("Failed: " + String.join(" ", command));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot run: " + String.join(" ", command), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for pg_ctl.", e);
        }
    }

    private static boolean isLinux() {
        return System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("linux");
    }
}
