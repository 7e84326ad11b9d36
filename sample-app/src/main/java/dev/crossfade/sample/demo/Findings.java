package dev.crossfade.sample.demo;

import java.util.ArrayList;
import java.util.List;

/** Counts what a check found and keeps the first of it. Not thread-safe. */
final class Findings {

    private static final int KEPT = 20;

    private final List<String> first = new ArrayList<>();
    private long count;

    void add(String finding) {
        count++;
        if (first.size() < KEPT) {
            first.add(finding);
        }
    }

    /** Adds a finding unless two values are equal. */
    void compare(String what, Object expected, Object seen) {
        if (!expected.equals(seen)) {
            add("%s: expected %s, saw %s".formatted(what, expected, seen));
        }
    }

    long count() {
        return count;
    }

    List<String> first() {
        return List.copyOf(first);
    }
}
