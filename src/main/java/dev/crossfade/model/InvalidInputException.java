package dev.crossfade.model;

import org.jspecify.annotations.Nullable;

/** A person's input (a file, a setting, an argument) is invalid; nothing was done. */
public class InvalidInputException extends CrossfadeException {

    private static final long serialVersionUID = 1L;

    public InvalidInputException(String message) {
        super(message);
    }

    public InvalidInputException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
