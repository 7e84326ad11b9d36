package dev.crossfade.cli.rows;

import dev.crossfade.cli.terminal.Page;
import dev.crossfade.cli.terminal.Page.Tone;
import dev.crossfade.cli.terminal.Table;
import dev.crossfade.operate.report.VerifyReport;
import dev.crossfade.operate.report.VerifyReport.Entry;
import dev.crossfade.operate.report.Wording;
import java.time.Duration;

/** Prints a {@link VerifyReport} for people. */
final class VerifyText {

    private VerifyText() {}

    static void print(VerifyReport report, Page page) {
        for (Entry entry : report.verifications()) {
            page.line(
                    "%s: %s rows compared, %s%s%s%s, in %s.",
                    entry.entity(),
                    Wording.count(entry.rowsCompared()),
                    entry.differences() == 0
                            ? page.paint("0 differences", Tone.GOOD)
                            : page.paint(Wording.count(entry.differences()) + " differences", Tone.BAD),
                    entry.repaired() == 0 ? "" : ", %s repaired".formatted(Wording.count(entry.repaired())),
                    entry.respelled() == 0
                            ? ""
                            : ", %s only spelled differently".formatted(Wording.count(entry.respelled())),
                    entry.restless() == 0 ? "" : ", %s keys never at rest".formatted(Wording.count(entry.restless())),
                    Wording.duration(Duration.ofMillis(entry.durationMillis())));
            printPlan(report.dryRun(), page, entry);
            Table table = new Table("KEY", "DIFFERENCE", "COLUMNS");
            entry.records()
                    .forEach(one ->
                            table.row(String.join(",", one.key()), one.kind(), String.join(", ", one.columns())));
            page.table(table);
            if (entry.records().size() < entry.differences()) {
                page.line(
                        "… and %s more.",
                        Wording.count(entry.differences() - entry.records().size()));
            }
        }
        if (report.verifications().isEmpty()) {
            page.line("The mapping file declares no entity; nothing was compared.");
        }
    }

    private static void printPlan(boolean dryRun, Page page, Entry entry) {
        if (entry.destructive() == null || entry.allowed() == null) {
            return;
        }
        if (dryRun) {
            page.line(
                    "A repair would delete or overwrite %s rows of the mirror and add %s; it may delete or overwrite %s without being told so.",
                    Wording.count(entry.destructive()),
                    Wording.count(entry.differences() - entry.destructive()),
                    Wording.count(entry.allowed()));
        } else if (entry.isHeldBack()) {
            page.line(
                    page.paint("Nothing was repaired:", Tone.BAD)
                            + " that would delete or overwrite %s rows of the mirror, %s allowed. They may be the last copies: look at them first. If the authoritative side is right, run `crossfade verify %s --repair --allow-rows %s`.",
                    Wording.count(entry.destructive()),
                    Wording.count(entry.allowed()),
                    entry.entity(),
                    entry.destructive());
        }
    }
}
