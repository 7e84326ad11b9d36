package dev.crossfade.cli.queue;

import dev.crossfade.cli.terminal.Page;
import dev.crossfade.operate.report.QueueActionReport;
import dev.crossfade.operate.report.Wording;

/** Prints a {@link QueueActionReport} for people. */
final class QueueActionText {

    private QueueActionText() {}

    static void print(QueueActionReport report, Page page) {
        page.line(
                switch (report.action()) {
                    case "retry" -> "%s missed writes are due now.";
                    case QueueActionReport.DISCARD_INTENTS -> "%s intents are dropped.";
                    case "park" -> "%s missed writes are parked now.";
                    default ->
                        "%s missed writes are discarded. `crossfade verify` finds those whose sides still differ.";
                },
                Wording.count(report.keys()));
    }
}
