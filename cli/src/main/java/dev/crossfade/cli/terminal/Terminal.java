package dev.crossfade.cli.terminal;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Asks whoever started the command something in the middle of it. */
public interface Terminal {

    /** Tells whether there is somebody to ask: input and standard error are both a terminal. */
    boolean isThere();

    /**
     * Asks for a line. The question goes to standard error, because standard output is for the report; empty if
     * nothing was typed.
     */
    Optional<String> ask(String question);

    /** Returns the terminal of this process. */
    static Terminal of(Shell shell) {
        return new Terminal() {
            @Override
            public boolean isThere() {
                return Shell.inputIsTerminal() && shell.streams().errIsTerminal();
            }

            @Override
            public Optional<String> ask(String question) {
                shell.err().print(PlainText.line(question));
                shell.err().flush();
                try {
                    // Not closed: standard input belongs to the process.
                    return Optional.ofNullable(
                                    new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))
                                            .readLine())
                            .map(String::strip)
                            .filter(line -> !line.isEmpty());
                } catch (IOException e) {
                    return Optional.empty();
                }
            }
        };
    }
}
