package dev.crossfade.cli;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A command that runs in its own process, as in a shell; {@link #close} kills it if it is still running. */
record Running(Process process, Path outFile, Path errFile) implements AutoCloseable {

    static Running start(Path folder, Map<String, String> environment, String... arguments) {
        return start(List.of(), folder, environment, arguments);
    }

    /** Starts it with options for the virtual machine. */
    static Running start(List<String> options, Path folder, Map<String, String> environment, String... arguments) {
        try {
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    System.getProperty("java.class.path"),
                    Main.class.getName()));
            command.addAll(1, options);
            command.addAll(List.of(arguments));
            Path out = Files.createTempFile(folder, "run", ".out");
            Path err = Files.createTempFile(folder, "run", ".err");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment().putAll(environment);
            return new Running(builder.start(), out, err);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until standard error contains a text. */
    void awaitErr(String text) {
        await(text).atMost(Duration.ofSeconds(60)).until(() -> err().contains(text));
    }

    /** Sends SIGTERM. */
    Running terminate() {
        process.destroy();
        return this;
    }

    /** Ends the process without warning. */
    void kill() {
        process.destroyForcibly();
    }

    /** Waits for the end of the process. */
    Ran finish() {
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                throw new AssertionError("The process does not end: " + err());
            }
            return new Ran(process.exitValue(), Files.readString(outFile), err());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Returns what it has printed on standard error so far. */
    String err() {
        try {
            return Files.readString(errFile);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
