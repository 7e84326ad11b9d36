package dev.crossfade.cli.stage;

import dev.crossfade.model.InvalidInputException;
import dev.crossfade.time.DurationText;
import java.time.Duration;
import java.util.Map;
import java.util.Stack;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/** The option {@code --wait}, which may have a limit. An entity that follows it is not taken for the limit. */
final class WaitOption implements IParameterPreprocessor {

    /** Longer than anybody will wait. */
    static final Duration UNLIMITED = Duration.ofDays(36_500);

    private static final String NO_LIMIT = "";

    WaitOption() {}

    /** Returns how long to wait by the option's value. */
    static Duration limit(String value) {
        return value.equals(NO_LIMIT)
                ? UNLIMITED
                : DurationText.parse(value)
                        .filter(limit -> !limit.isNegative())
                        .orElseThrow(() -> new InvalidInputException(
                                "--wait takes how long to wait at most, a number and its unit, for example %s, or nothing; not '%s'."
                                        .formatted(DurationText.EXAMPLES, value)));
    }

    /** Decides whether the next argument is the limit; picocli would take any argument for an optional value. */
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
