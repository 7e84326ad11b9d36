package dev.crossfade.cli.invocation;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say who acts. */
public final class OperatorOptions {

    @Option(
            names = "--by",
            paramLabel = "NAME",
            description = "Who acts, for the record; the operating system's user where nobody is named.")
    private @Nullable String by;

    public String name() {
        return by == null || by.isBlank() ? System.getProperty("user.name", "unknown") : by;
    }
}
