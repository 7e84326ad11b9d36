package dev.crossfade.model;

import org.jspecify.annotations.Nullable;

/** A database cannot be reached or used: down, wrong password, missing privilege, too old. */
public class UnavailableException extends CrossfadeException {

    private static final long serialVersionUID = 1L;

    public UnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
