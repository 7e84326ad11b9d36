package dev.crossfade.operate.report;

import dev.crossfade.backfill.Backfill;
import java.util.List;

/**
 * The result of a backfill.
 *
 * @param complete whether every entity that was named is complete now
 */
public record BackfillReport(boolean complete, List<Entry> backfills) {

    /** One entity's run. */
    public record Entry(
            String entity,
            boolean complete,
            boolean nothingToDo,
            long rowsRead,
            long rowsWritten,
            long rowsMissed,
            long durationMillis) {}

    public static BackfillReport of(List<Backfill.Result> results, List<String> entities) {
        long complete = results.stream().filter(Backfill.Result::complete).count();
        return new BackfillReport(
                complete == entities.stream().distinct().count(),
                results.stream()
                        .map(result -> new Entry(
                                result.entity(),
                                result.complete(),
                                result.nothingToDo(),
                                result.rowsRead(),
                                result.rowsWritten(),
                                result.rowsMissed(),
                                result.took().toMillis()))
                        .toList());
    }
}
