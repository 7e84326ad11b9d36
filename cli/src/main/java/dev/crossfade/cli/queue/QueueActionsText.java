package dev.crossfade.cli.queue;

import dev.crossfade.cli.terminal.Page;
import dev.crossfade.cli.terminal.Table;
import dev.crossfade.operate.report.QueueAction;
import dev.crossfade.operate.report.QueueHistoryReport;
import dev.crossfade.operate.report.Wording;
import java.util.List;

/** Prints what operators did to missed writes, for people. */
final class QueueActionsText {

    private QueueActionsText() {}

    static void print(QueueHistoryReport report, Page page) {
        page.table(table(report.actions()));
        if (report.actions().isEmpty()) {
            page.line("none");
        }
    }

    /** Returns a table of actions. */
    static Table table(List<QueueAction> actions) {
        Table table = new Table("WHEN", "ACTION", "KEYS", "ENTITY", "KEY", "ERROR", "BY", "WHY");
        for (QueueAction one : actions) {
            table.row(
                    Wording.moment(one.at()),
                    one.action(),
                    Wording.count(one.keys()),
                    one.entity() == null ? "all" : one.entity(),
                    one.key() == null ? "all" : String.join(",", one.key()),
                    one.error() == null ? "all" : one.error(),
                    one.by(),
                    one.reason() == null ? "" : one.reason());
        }
        return table;
    }
}
