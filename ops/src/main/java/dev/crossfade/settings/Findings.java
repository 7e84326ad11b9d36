package dev.crossfade.settings;

import dev.crossfade.model.InvalidInputException;
import java.util.ArrayList;
import java.util.List;

/** Collects errors in the settings, so that all are reported at once. */
final class Findings {

    private final List<String> findings = new ArrayList<>();

    void add(String where, String problem) {
        findings.add(where + ": " + problem);
    }

    void throwIfAny() {
        if (!findings.isEmpty()) {
            StringBuilder message = new StringBuilder("The settings cannot be used:");
            findings.forEach(finding ->
                    message.append(System.lineSeparator()).append("  ").append(finding));
            throw new InvalidInputException(message.toString());
        }
    }
}
