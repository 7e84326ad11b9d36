package dev.crossfade.cli.queue;

import dev.crossfade.cli.terminal.Page;
import dev.crossfade.cli.terminal.Table;
import dev.crossfade.lossy.LossyWrite;
import dev.crossfade.operate.report.LossyReport;
import dev.crossfade.operate.report.LossyReport.Key;
import dev.crossfade.operate.report.LossyReport.Write;
import dev.crossfade.operate.report.Wording;
import java.util.List;

/** Prints a {@link LossyReport} for people. */
final class LossyText {

    private LossyText() {}

    static void print(LossyReport report, Page page) {
        if (report.writes().isEmpty()) {
            page.line("No save has been changed by the legacy side.");
        } else {
            page.line("Saves that the legacy side has changed:");
            page.table(writesTable(report.writes()));
            more(page, report.writes().size(), report.totalWrites());
        }
        if (report.keys().isEmpty()) {
            page.line("The legacy side can give every modern row back.");
        } else {
            page.line("Keys whose modern row the legacy side cannot give back:");
            page.table(keysTable(report.keys()));
            more(page, report.keys().size(), report.totalKeys());
        }
    }

    private static Table writesTable(List<Write> writes) {
        Table table = new Table("ENTITY", "KEY", "WHAT", "TIMES", "LAST SEEN", "COLUMN", "GIVEN", "STORED");
        for (Write one : writes) {
            for (LossyWrite.Value value : one.columns()) {
                table.row(
                        one.entity(),
                        String.join(",", one.key()),
                        one.changed() ? "changed" : "spelled differently",
                        Wording.count(one.times()),
                        Wording.moment(one.lastSeenAt()),
                        value.column(),
                        value.given(),
                        value.stored());
            }
        }
        return table;
    }

    private static Table keysTable(List<Key> keys) {
        Table table = new Table("ENTITY", "KEY", "COLUMNS", "SINCE");
        for (Key one : keys) {
            table.row(
                    one.entity(),
                    String.join(",", one.key()),
                    String.join(", ", one.columns()),
                    Wording.moment(one.notedAt()));
        }
        return table;
    }

    private static void more(Page page, int shown, int total) {
        if (total > shown) {
            page.line("%s of %s are shown; see --limit.", Wording.count(shown), Wording.count(total));
        }
    }
}
