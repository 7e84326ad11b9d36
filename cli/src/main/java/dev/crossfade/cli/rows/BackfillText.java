package dev.crossfade.cli.rows;

import dev.crossfade.cli.terminal.Page;
import dev.crossfade.operate.report.BackfillReport;
import dev.crossfade.operate.report.BackfillReport.Entry;
import dev.crossfade.operate.report.Wording;
import java.time.Duration;

/** Prints a {@link BackfillReport} for people. */
final class BackfillText {

    private BackfillText() {}

    static void print(BackfillReport report, Page page) {
        for (Entry entry : report.backfills()) {
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
