package dev.crossfade.sample.web;

import java.util.LinkedHashMap;
import java.util.Map;

/** A request that cannot be carried out as it is. */
final class InvalidRequestException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Map<String, String> problems;

    InvalidRequestException(Map<String, String> problems) {
        super("The request has problems in: " + String.join(", ", problems.keySet()) + ".");
        this.problems = new LinkedHashMap<>(problems);
    }

    /** Returns what is wrong with each field. */
    Map<String, String> problems() {
        return problems;
    }
}
