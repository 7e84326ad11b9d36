package dev.crossfade.mappingfile;

import dev.crossfade.model.Side;
import java.util.List;

/**
 * The result of reading a mapping file and trying its mappings.
 *
 * @param declared the result of reading it
 * @param found the findings of the trials, in the order of the file's lines
 * @param trials the trials that were made
 */
public record TriedReport(MappingReport declared, List<LocatedFinding> found, List<Trial> trials) {

    /** Copies the lists. */
    public TriedReport {
        found = List.copyOf(found);
        trials = List.copyOf(trials);
    }

    /**
     * A trial of one direction.
     * @param mirror the side that was written
     * @param rows how many rows were tried
     * @param untried how many rows were not tried: locked, refused by the other side, or no time was left
     */
    public record Trial(String entity, Side mirror, int rows, int untried) {}
}
