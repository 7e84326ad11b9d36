package dev.crossfade.mappingfile;

import dev.crossfade.check.Finding;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Collects findings, and knows on which line of the file each path is. Not thread-safe. */
final class FileNotes {

    private final Map<String, Integer> lines = new HashMap<>();
    private final List<LocatedFinding> findings = new ArrayList<>();

    /** Notes the line of a path; the first line counts. */
    void place(String path, int line) {
        lines.putIfAbsent(path, line);
    }

    /** Notes what is wrong on a line. */
    void error(int line, String path, String problem, String remedy) {
        findings.add(new LocatedFinding(line, Finding.error(path, problem, remedy)));
    }

    /** Notes a finding on the line of its path, or of the nearest path above it. */
    void add(Finding finding) {
        findings.add(located(finding));
    }

    /** Returns a finding on the line of its path, or of the nearest path above it. */
    LocatedFinding located(Finding finding) {
        String path = finding.path();
        while (!lines.containsKey(path) && path.contains(".")) {
            path = path.substring(0, path.lastIndexOf('.'));
        }
        return new LocatedFinding(lines.getOrDefault(path, 1), finding);
    }

    /** Returns the findings that are errors, or those that are not, by line. */
    List<LocatedFinding> findings(boolean errors) {
        return findings.stream()
                .filter(one -> one.finding().isError() == errors)
                .distinct()
                .sorted(Comparator.comparingInt(LocatedFinding::line))
                .toList();
    }
}
