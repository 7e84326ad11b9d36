package dev.crossfade.model;

import org.jspecify.annotations.Nullable;

/** Something that a person wrote (a file, a setting, an argument) cannot be used; nothing was done. */
public class InvalidInputException extends CrossfadeException {

    private static final long serialVersionUID = 1L;

    public InvalidInputException(String message) {
        super(message);
    }

    public InvalidInputException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
