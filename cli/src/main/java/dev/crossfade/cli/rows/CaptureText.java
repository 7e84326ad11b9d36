package dev.crossfade.cli.rows;

import dev.crossfade.cli.terminal.Page;
import dev.crossfade.cli.terminal.Page.Tone;
import dev.crossfade.cli.terminal.Table;
import dev.crossfade.operate.report.CaptureReport;
import dev.crossfade.operate.report.CaptureReport.Installed;

/** Prints a {@link CaptureReport} for people. */
final class CaptureText {

    private CaptureText() {}

    static void print(CaptureReport report, Page page) {
        if (report.captures().isEmpty()) {
            page.line("No capture is installed.");
            return;
        }
        Table table = new Table("ENTITY", "SIDE", "TABLE", "CAPTURE");
        for (Installed one : report.captures()) {
            table.row(
                    one.entity(),
                    one.side(),
                    one.table() == null ? "dropped" : one.table(),
                    one.whole()
                            ? Table.cell("installed", Tone.GOOD)
                            : Table.cell("incomplete: install it again, or remove it", Tone.BAD));
        }
        page.table(table);
    }
}
