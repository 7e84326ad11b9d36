package dev.crossfade.cli.status;

import dev.crossfade.cli.terminal.Page;
import dev.crossfade.cli.terminal.Page.Tone;
import dev.crossfade.cli.terminal.Table;
import dev.crossfade.operate.report.CheckReport;
import dev.crossfade.operate.report.CheckReport.Found;
import dev.crossfade.operate.report.Wording;

/** Prints a {@link CheckReport} for people. */
final class CheckText {

    private CheckText() {}

    static void print(CheckReport report, Page page) {
        page.line(
                "%s: %s checked, %s, %s.",
                report.file(),
                counted(report.entities().size(), "entity", "entities"),
                page.paint(counted(report.errors(), "error", "errors"), report.errors() == 0 ? Tone.GOOD : Tone.BAD),
                page.paint(
                        counted(report.warnings(), "warning", "warnings"),
                        report.warnings() == 0 ? Tone.GOOD : Tone.WARNING));
        if (!report.contracted().isEmpty()) {
            page.line("Contracted, and not looked at: %s.", String.join(", ", report.contracted()));
        }
        for (Found finding : report.findings()) {
            page.gap();
            page.line(
                    "%s %s:%s: %s",
                    page.paint(finding.severity(), finding.isError() ? Tone.BAD : Tone.WARNING),
                    report.file(),
                    finding.line(),
                    finding.path());
            page.line("  %s", finding.problem());
            page.line("  %s", finding.remedy());
        }
        if (!report.trials().isEmpty()) {
            page.gap();
            Table table = new Table("ENTITY", "MIRROR", "ROWS TRIED", "NOT TRIED");
            report.trials().forEach(trial -> table.row(trial.entity(), trial.mirror(), trial.rows(), trial.untried()));
            page.table(table);
        }
    }

    private static String counted(int number, String one, String more) {
        return "%s %s".formatted(Wording.count(number), number == 1 ? one : more);
    }
}
