package dev.crossfade.cli.invocation;

import dev.crossfade.model.InvalidInputException;

/** Checks numbers that were given as options. */
public final class Numbers {

    private Numbers() {}

    public static void requirePositive(String option, int value) {
        if (value < 1) {
            throw new InvalidInputException("%s is %s; name 1 or more.".formatted(option, value));
        }
    }
}
