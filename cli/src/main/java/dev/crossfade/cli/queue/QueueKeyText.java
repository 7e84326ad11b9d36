package dev.crossfade.cli.queue;

import dev.crossfade.cli.terminal.Page;
import dev.crossfade.operate.report.QueueKeyReport;
import dev.crossfade.operate.report.Wording;

/** Prints a {@link QueueKeyReport} for people. */
final class QueueKeyText {

    private QueueKeyText() {}

    static void print(QueueKeyReport report, Page page) {
        page.line("%s %s", report.entity(), String.join(",", report.key()));
        page.line(
                "intents      %s",
                Wording.aged(report.intents().intents(), report.intents().oldestSeconds()));
        page.line("verification %s", report.difference() == null ? "no difference known" : report.difference());
        if (report.missed() == null) {
            page.line("missed write none");
        } else {
            page.line(
                    "missed write %s: %s",
                    report.missed().sqlState(), report.missed().message());
            page.line(
                    "             the %s side is behind since %s; %s; next try %s",
                    report.missed().mirror(),
                    Wording.moment(report.missed().firstMissedAt()),
                    QueueText.tries(report.missed()),
                    report.missed().parked()
                            ? "when it is retried: it is parked"
                            : Wording.moment(report.missed().nextTryAt()));
        }
        page.gap();
        page.title("Actions");
        page.table(QueueActionsText.table(report.actions()));
        if (report.actions().isEmpty()) {
            page.line("none");
        }
    }
}
