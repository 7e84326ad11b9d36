package dev.crossfade.cli.schema;

import dev.crossfade.cli.terminal.Page;
import dev.crossfade.cli.terminal.Page.Tone;
import dev.crossfade.finish.FinishPlan.State;
import dev.crossfade.operate.report.FinishReport;
import dev.crossfade.operate.report.FinishReport.Item;
import dev.crossfade.operate.report.Wording;

/** Prints a {@link FinishReport} for people. */
final class FinishText {

    private FinishText() {}

    static void print(FinishReport report, Page page) {
        if (report.contracted() == null) {
            page.line("%s is not contracted yet.", report.entity());
            report.missing().forEach(line -> page.line("- %s", line));
            return;
        }
        page.line(
                "%s is contracted since %s, by migration %s.",
                report.entity(),
                Wording.moment(report.contracted().at()),
                String.join(", ", report.contracted().migrations()));
        int number = 1;
        for (Item item : report.items()) {
            page.line("%s. %s (%s): %s", number++, item.topic(), mark(item, page), item.text());
        }
    }

    private static String mark(Item item, Page page) {
        Tone tone = item.state().equals(State.DONE.label())
                ? Tone.GOOD
                : item.state().equals(State.TO_DO.label()) ? Tone.WARNING : Tone.PLAIN;
        return page.paint(item.state(), tone);
    }
}
