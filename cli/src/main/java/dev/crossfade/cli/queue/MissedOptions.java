package dev.crossfade.cli.queue;

import dev.crossfade.model.RecordKey;
import dev.crossfade.queue.MissedFilter;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The options that select missed writes. */
final class MissedOptions {

    @Parameters(arity = "0..1", paramLabel = "ENTITY", description = "Only this entity; all where none is named.")
    private @Nullable String entity;

    @Option(
            names = "--key",
            paramLabel = "VALUE",
            description = "Only this key, as `crossfade queue list` shows it; once for each key column, in order.")
    private List<String> key = List.of();

    @Option(
            names = "--error",
            paramLabel = "CLASS",
            description =
                    "Only this class of errors: an SQLSTATE, its first characters, poison, referenced or waits-for-parent.")
    private @Nullable String error;

    /** Returns the filter. A mistake in an option is found before there is a connection. */
    MissedFilter filter() {
        return new MissedFilter(
                Optional.ofNullable(entity),
                key.isEmpty() ? Optional.empty() : Optional.of(new RecordKey(key)),
                Optional.ofNullable(error));
    }
}
