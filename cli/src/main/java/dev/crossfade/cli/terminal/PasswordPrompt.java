package dev.crossfade.cli.terminal;

import dev.crossfade.model.InvalidInputException;
import dev.crossfade.settings.SettingKey;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Asks whoever started the command for a password. */
@FunctionalInterface
public interface PasswordPrompt {

    /** Returns the password. The question never goes to standard output, which is for the report. */
    String ask(SettingKey key);

    /**
     * Returns the prompt of this process. It reads without echo on a terminal, or else the first line of standard
     * input from a file or a pipe.
     *
     * @param inputIsTerminal whether standard input is a terminal
     */
    static PasswordPrompt ofProcess(boolean inputIsTerminal) {
        return key -> {
            @Nullable Console console = System.console();
            if (console != null) {
                return fromConsole(console, key);
            }
            if (inputIsTerminal) {
                throw new InvalidInputException(
                        "A password can be asked for only where both input and output are a terminal. Use %s or %s."
                                .formatted(key.variable(), key.flag() + "-file"));
            }
            return fromInput(key);
        };
    }

    private static String fromConsole(Console console, SettingKey key) {
        char @Nullable [] typed = console.readPassword("%s: ", key.property());
        if (typed == null) {
            throw new InvalidInputException("No password was typed for %s.".formatted(key.property()));
        }
        String password = new String(typed);
        Arrays.fill(typed, ' ');
        return password;
    }

    private static String fromInput(SettingKey key) {
        try {
            // Not closed: standard input belongs to the process.
            @Nullable
            String line = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
            if (line != null) {
                return line;
            }
        } catch (IOException e) {
            throw new InvalidInputException("Standard input cannot be read for %s.".formatted(key.property()), e);
        }
        throw new InvalidInputException("Standard input ended before a password for %s.".formatted(key.property()));
    }
}
