package dev.crossfade.cli.schema;

import dev.crossfade.cli.terminal.Page;
import dev.crossfade.cli.terminal.Page.Tone;
import dev.crossfade.cli.terminal.Table;
import dev.crossfade.operate.report.MigrationStatusReport;
import dev.crossfade.operate.report.MigrationStatusReport.Entry;
import dev.crossfade.operate.report.Wording;
import dev.crossfade.schema.MigrationStatus.State;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Locale;

/** Prints a {@link MigrationStatusReport} for people. */
final class MigrationStatusText {

    private MigrationStatusText() {}

    static void print(MigrationStatusReport report, Page page) {
        Table table = new Table("VERSION", "STATE", "PHASE", "SIDE", "EXECUTED", "TOOK", "DESCRIPTION");
        for (Entry entry : report.migrations()) {
            table.row(
                    entry.version(),
                    state(entry),
                    entry.phase(),
                    entry.side(),
                    entry.executedAt() == null
                            ? "-"
                            : Wording.moment(entry.executedAt().atOffset(ZoneOffset.UTC)),
                    entry.durationMillis() == null ? "-" : Wording.duration(Duration.ofMillis(entry.durationMillis())),
                    entry.description());
        }
        page.table(table);
        if (report.migrations().isEmpty()) {
            page.line("There are no migrations.");
        }
    }

    private static Table.Cell state(Entry entry) {
        return Table.cell(
                entry.state(),
                switch (State.valueOf(entry.state().toUpperCase(Locale.ROOT).replace(' ', '_'))) {
                    case APPLIED -> Tone.GOOD;
                    case PENDING -> Tone.PLAIN;
                    case RUNNING, REVERTING -> Tone.WARNING;
                    case EDITED, MISSING_FILE, OUT_OF_ORDER -> Tone.BAD;
                });
    }
}
