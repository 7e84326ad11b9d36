package dev.crossfade.sample.web;

/** There is no such record. */
final class NotFoundException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    NotFoundException(String what) {
        super("There is no " + what + ".");
    }
}
