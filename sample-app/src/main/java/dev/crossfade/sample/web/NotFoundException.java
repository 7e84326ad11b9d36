package dev.crossfade.sample.web;

/** The requested record does not exist. */
final class NotFoundException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    NotFoundException(String what) {
        super("There is no " + what + ".");
    }
}
