package dev.crossfade.cli.queue;

import dev.crossfade.cli.terminal.Page;
import dev.crossfade.cli.terminal.Page.Tone;
import dev.crossfade.cli.terminal.Table;
import dev.crossfade.operate.report.QueueReport;
import dev.crossfade.operate.report.QueueReport.Missed;
import dev.crossfade.operate.report.Wording;

/** Prints a {@link QueueReport} for people. */
final class QueueText {

    private QueueText() {}

    static void print(QueueReport report, Page page) {
        page.title("Intents");
        Table backlog = new Table("ENTITY", "INTENTS");
        report.intents().forEach(one -> backlog.row(one.entity(), Wording.aged(one.count(), one.oldestSeconds())));
        page.table(backlog);
        if (report.intents().isEmpty()) {
            page.line("none");
        }
        page.gap();
        page.title("Missed writes");
        Table missed = new Table("ENTITY", "KEY", "MIRROR", "SO FAR", "NEXT TRY", "STATE", "WHY");
        for (Missed one : report.missedWrites()) {
            missed.row(
                    one.entity(),
                    String.join(",", one.key()),
                    one.mirror(),
                    tries(one),
                    one.parked() ? Table.cell("parked", Tone.BAD) : Wording.moment(one.nextTryAt()),
                    one.sqlState(),
                    one.message());
        }
        page.table(missed);
        if (report.missedWrites().isEmpty()) {
            page.line("none");
        } else if (report.missedTotal() > report.missedWrites().size()) {
            page.line(
                    "%s of %s are shown; see --limit.",
                    Wording.count(report.missedWrites().size()), Wording.count(report.missedTotal()));
        }
    }

    static String tries(Missed one) {
        String tried = one.attempts() == 1 ? "1 try" : one.attempts() + " tries";
        return one.waits() == 0
                ? tried
                : one.attempts() == 0
                        ? "waited %s×".formatted(one.waits())
                        : "%s, waited %s×".formatted(tried, one.waits());
    }
}
