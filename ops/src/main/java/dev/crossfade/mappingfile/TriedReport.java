package dev.crossfade.mappingfile;

import dev.crossfade.model.Side;
import java.util.List;

/**
 * What came of reading a mapping file and of trying its mappings.
 *
 * @param declared what came of reading it
 * @param found what the trials came upon, in the order of the file's lines
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
     *
     * @param mirror the side that was written
     * @param rows how many rows were
     * @param untried how many rows were not: locked, refused by the other side, or no time was left
     */
    public record Trial(String entity, Side mirror, int rows, int untried) {}
}
