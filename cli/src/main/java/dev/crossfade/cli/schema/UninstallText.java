package dev.crossfade.cli.schema;

import dev.crossfade.cli.terminal.Page;
import dev.crossfade.operate.report.UninstallReport;
import dev.crossfade.operate.report.UninstallReport.Schema;

/** Prints a {@link UninstallReport} for people. */
final class UninstallText {

    private UninstallText() {}

    static void print(UninstallReport report, Page page) {
        for (Schema schema : report.schemas()) {
            page.line(
                    report.schemas().size() == 1
                            ? "%3$s the schema crossfade: %1$s tables, %2$s functions."
                            : "%3$s the schema crossfade in the %4$s database: %1$s tables, %2$s functions.",
                    schema.tables().size(),
                    schema.functions().size(),
                    report.dropped() ? "Dropped" : "To drop:",
                    schema.side());
            if (!report.dropped()) {
                schema.tables().forEach(table -> page.line("  table %s", table));
                schema.functions().forEach(function -> page.line("  function %s", function));
            }
        }
        if (report.dropped()) {
            page.line(
                    "The record of the migrations that were run has gone with it: run their files no more, or take them over into another tool.");
        }
        if (!report.obstacles().isEmpty()) {
            page.line("It cannot be dropped now:");
            report.obstacles().forEach(obstacle -> page.line("- %s", obstacle));
        }
    }
}
