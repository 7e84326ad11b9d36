package dev.crossfade.model;

import org.jspecify.annotations.Nullable;

/**
 * Root of all exceptions that Crossfade throws. Its messages say what failed, on which thing, what was seen against
 * what is allowed, and what to do next; they never contain secrets or row contents.
 */
public class CrossfadeException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public CrossfadeException(String message) {
        super(message);
    }

    public CrossfadeException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
