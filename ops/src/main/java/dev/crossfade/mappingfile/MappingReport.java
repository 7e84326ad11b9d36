package dev.crossfade.mappingfile;

import dev.crossfade.mapping.TableMapping;
import java.util.List;

/**
 * What came of reading a mapping file.
 *
 * @param file the file, as it was named
 * @param mappings the mappings that could be made of it, parents first; fit for use only if there are no errors
 * @param errors what makes the file unusable, in the order of its lines
 * @param warnings what somebody should look at, in the order of its lines
 */
public record MappingReport(
        String file, List<TableMapping> mappings, List<LocatedFinding> errors, List<LocatedFinding> warnings) {

    /** Copies the lists. */
    public MappingReport {
        mappings = List.copyOf(mappings);
        errors = List.copyOf(errors);
        warnings = List.copyOf(warnings);
    }

    /** Returns the errors as lines, each with file, line, path, problem and remedy. */
    public List<String> errorLines() {
        return lines(errors);
    }

    /** Returns the warnings as lines, each with file, line, path, problem and remedy. */
    public List<String> warningLines() {
        return lines(warnings);
    }

    private List<String> lines(List<LocatedFinding> findings) {
        return findings.stream().map(finding -> finding.in(file)).toList();
    }
}
