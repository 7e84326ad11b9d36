package dev.crossfade.cli.terminal;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The surroundings in which a command was started.
 *
 * @param streams where it prints
 * @param environment the environment's variables
 * @param workingDirectory where relative paths start
 * @param termination how it learns that it has to end
 * @param prompt how it asks for a password
 */
public record Shell(
        Streams streams,
        Map<String, String> environment,
        Path workingDirectory,
        Termination termination,
        PasswordPrompt prompt) {

    /**
     * Where a command prints.
     *
     * @param out where results go
     * @param err where progress, logs and errors go
     * @param outIsTerminal whether people see results as they are written
     * @param errIsTerminal whether people see progress as it is written
     */
    public record Streams(PrintWriter out, PrintWriter err, boolean outIsTerminal, boolean errIsTerminal) {

        public static Streams ofProcess() {
            return new Streams(
                    new PrintWriter(System.out, true, StandardCharsets.UTF_8),
                    new PrintWriter(System.err, true, StandardCharsets.UTF_8),
                    isTerminal(1),
                    isTerminal(2));
        }
    }

    /** Returns the shell of this process. */
    public static Shell ofProcess(Termination termination) {
        return new Shell(
                Streams.ofProcess(),
                System.getenv(),
                Path.of(""),
                termination,
                PasswordPrompt.ofProcess(inputIsTerminal()));
    }

    /** Tells whether this process reads what people type. */
    public static boolean inputIsTerminal() {
        return isTerminal(0);
    }

    public PrintWriter out() {
        return streams.out();
    }

    public PrintWriter err() {
        return streams.err();
    }

    /** Tells whether text on {@link #out} may be coloured. */
    public boolean colours() {
        return streams.outIsTerminal()
                && environment.getOrDefault("NO_COLOR", "").isEmpty();
    }

    /**
     * Tells whether a descriptor is a terminal. Java knows only whether input and output both are; Linux tells it for
     * each.
     */
    private static boolean isTerminal(int descriptor) {
        Path link = Path.of("/proc/self/fd/" + descriptor);
        if (Files.isSymbolicLink(link)) {
            try {
                String target = Files.readSymbolicLink(link).toString();
                return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
            } catch (IOException e) {
                return false;
            }
        }
        return System.console() != null;
    }
}
