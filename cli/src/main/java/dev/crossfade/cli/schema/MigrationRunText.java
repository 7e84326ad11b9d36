package dev.crossfade.cli.schema;

import dev.crossfade.cli.terminal.Page;
import dev.crossfade.operate.report.MigrationRunReport;
import dev.crossfade.operate.report.MigrationRunReport.Entry;
import dev.crossfade.operate.report.Wording;
import java.time.Duration;

/** Prints a {@link MigrationRunReport} for people. */
final class MigrationRunText {

    private MigrationRunText() {}

    static void print(MigrationRunReport report, Page page) {
        for (Entry entry : report.migrations()) {
            page.line(
                    "%s %s (%s) in %s%s",
                    report.done(),
                    entry.version(),
                    entry.description(),
                    Wording.duration(Duration.ofMillis(entry.durationMillis())),
                    entry.resumed() ? ", finishing an interrupted run" : "");
        }
        if (report.migrations().isEmpty()) {
            page.line("Nothing to do: no migration was %s.", report.done());
        }
    }
}
