package dev.crossfade.sample.web;

import java.util.Map;

/** Limits on how much one request may ask for. */
final class Pages {

    private static final int MOST = 1_000;

    private Pages() {}

    /** Refuses a page that is empty or too long. */
    static void check(int limit) {
        if (limit < 1 || limit > MOST) {
            throw new InvalidRequestException(Map.of("limit", "is not from 1 to " + MOST));
        }
    }

    /** Refuses a batch that is too long. */
    static void checkBatch(int size) {
        if (size > MOST) {
            throw new InvalidRequestException(Map.of("batch", "has more than " + MOST + " records"));
        }
    }
}
