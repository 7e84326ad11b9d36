package dev.crossfade.schema.file;

import dev.crossfade.model.InvalidInputException;
import java.util.ArrayList;
import java.util.List;

/** Collects findings, so that all are reported at once. */
public final class Problems {

    private final List<String> findings = new ArrayList<>();

    public void add(String where, String finding) {
        findings.add(where + ": " + finding);
    }

    /** Throws one exception that lists every finding, in the order of their places; does nothing if there are none. */
    public void throwIfAny(String what) {
        if (!findings.isEmpty()) {
            String count = findings.size() == 1 ? "1 problem" : findings.size() + " problems";
            throw new InvalidInputException("%s: %s. Nothing was run.%n%s".formatted(what, count, bullets(findings)));
        }
    }

    public static String bullets(List<String> lines) {
        return "- " + String.join(System.lineSeparator() + "- ", lines);
    }
}
