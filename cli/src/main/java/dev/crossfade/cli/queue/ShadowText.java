package dev.crossfade.cli.queue;

import dev.crossfade.cli.terminal.Page;
import dev.crossfade.cli.terminal.Table;
import dev.crossfade.operate.report.ShadowReport;
import dev.crossfade.operate.report.ShadowReport.Mismatch;
import dev.crossfade.operate.report.Wording;
import dev.crossfade.shadow.FieldDifference;

/** Prints a {@link ShadowReport} for people. */
final class ShadowText {

    private ShadowText() {}

    static void print(ShadowReport report, Page page) {
        Table table = new Table("ENTITY", "KEY", "READ", "TIMES", "LAST SEEN", "FIELD", "LEGACY", "OTHER");
        for (Mismatch one : report.mismatches()) {
            for (FieldDifference field : one.fields()) {
                table.row(
                        one.entity(),
                        String.join(",", one.key()),
                        one.calibration() ? one.read() + " (calibration)" : one.read(),
                        Wording.count(one.times()),
                        Wording.moment(one.lastSeenAt()),
                        field.field(),
                        field.legacy(),
                        field.modern());
            }
        }
        page.table(table);
        if (report.mismatches().isEmpty()) {
            page.line("Shadow reads have found no differences.");
        } else if (report.total() > report.mismatches().size()) {
            page.line(
                    "%s of %s are shown; see --limit.",
                    Wording.count(report.mismatches().size()), Wording.count(report.total()));
        }
    }
}
