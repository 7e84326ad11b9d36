package dev.crossfade.model;

/** A gate or guard refused the operation; nothing was done. The message names the closed gates and their remedies. */
public class RefusedException extends CrossfadeException {

    private static final long serialVersionUID = 1L;

    public RefusedException(String message) {
        super(message);
    }
}
