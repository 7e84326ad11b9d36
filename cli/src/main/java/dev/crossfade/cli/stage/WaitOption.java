package dev.crossfade.cli.stage;

import dev.crossfade.model.InvalidInputException;
import dev.crossfade.time.DurationText;
import java.time.Duration;
import java.util.Map;
import java.util.Stack;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/** The option {@code --wait}, which may have a limit; an entity that comes after it is none. */
final class WaitOption implements IParameterPreprocessor {

    /** Longer than anybody waits. */
    static final Duration UNLIMITED = Duration.ofDays(36_500);

    private static final String NO_LIMIT = "";

    WaitOption() {}

    /** Returns how long the option's value says to wait. */
    static Duration limit(String value) {
        return value.equals(NO_LIMIT)
                ? UNLIMITED
                : DurationText.parse(value)
                        .filter(limit -> !limit.isNegative())
                        .orElseThrow(() -> new InvalidInputException(
                                "--wait takes how long to wait at most, a number and its unit, for example %s, or nothing; not '%s'."
                                        .formatted(DurationText.EXAMPLES, value)));
    }

    /** Picocli takes the next argument for an optional value, whatever it is. */
    @Override
    @SuppressWarnings("JdkObsolete")
    public boolean preprocess(
            Stack<String> arguments, CommandSpec command, ArgSpec option, Map<String, Object> details) {
        boolean attached = "=".equals(details.get("separator"));
        if (attached
                || (!arguments.isEmpty() && DurationText.parse(arguments.peek()).isPresent())) {
            option.setValue(arguments.pop());
        } else {
            option.setValue(NO_LIMIT);
        }
        return true;
    }
}
