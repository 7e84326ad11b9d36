package dev.crossfade.mapping;

import dev.crossfade.model.InvalidInputException;
import java.util.regex.Pattern;

/** The rules for an entity's name, which is part of flags, metrics, lock names and file names. */
public final class EntityName {

    private static final Pattern VALID = Pattern.compile("[a-z][a-z0-9_-]*");

    private EntityName() {}

    /** Tells whether a text can be an entity's name. */
    public static boolean isValid(String name) {
        return VALID.matcher(name).matches();
    }

    /**
     * Makes sure that a text can be an entity's name.
     *
     * @throws InvalidInputException if it cannot
     */
    public static void require(String name) {
        if (!isValid(name)) {
            throw new InvalidInputException(
                    "'%s' cannot be an entity's name. Begin it with a letter, and use lower-case letters, digits, _ and - alone."
                            .formatted(name));
        }
    }
}
