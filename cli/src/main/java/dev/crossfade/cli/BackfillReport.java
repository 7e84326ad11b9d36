package dev.crossfade.cli;

import dev.crossfade.backfill.Backfill;
import java.time.Duration;
import java.util.List;

/**
 * What a backfill did.
 *
 * @param complete whether every entity that was named is complete now
 */
record BackfillReport(boolean complete, List<Entry> backfills) implements Report {

    /** One entity's run. */
    record Entry(
            String entity,
            boolean complete,
            boolean nothingToDo,
            long rowsRead,
            long rowsWritten,
            long rowsMissed,
            long durationMillis) {}

    static BackfillReport of(List<Backfill.Result> results, List<String> entities) {
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

    @Override
    public void print(Page page) {
        for (Entry entry : backfills) {
            if (entry.nothingToDo()) {
                page.line("%s: nothing to do, the backfill is complete.", entry.entity());
                continue;
            }
            page.line(
                    "%s: %s rows read, %s written, %s missed in %s%s.",
                    entry.entity(),
                    Wording.count(entry.rowsRead()),
                    Wording.count(entry.rowsWritten()),
                    Wording.count(entry.rowsMissed()),
                    Wording.duration(Duration.ofMillis(entry.durationMillis())),
                    entry.complete() ? "; complete" : "; not complete");
        }
    }
}
