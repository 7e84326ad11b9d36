package dev.crossfade.sample.web;

import java.util.LinkedHashMap;
import java.util.Map;

/** Collects everything that is wrong with a request. */
final class Problems {

    private final Map<String, String> byField = new LinkedHashMap<>();

    /** Notes a problem of a field if the condition is false. */
    void require(boolean condition, String field, String otherwise) {
        if (!condition) {
            byField.putIfAbsent(field, otherwise);
        }
    }

    /**
     * Ends the request if there is a problem.
     *
     * @throws InvalidRequestException naming every field with a problem
     */
    public void throwIfAny() {
        if (!byField.isEmpty()) {
            throw new InvalidRequestException(byField);
        }
    }
}
