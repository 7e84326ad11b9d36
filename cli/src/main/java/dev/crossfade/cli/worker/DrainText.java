package dev.crossfade.cli.worker;

import dev.crossfade.cli.terminal.Page;
import dev.crossfade.cli.terminal.Page.Tone;
import dev.crossfade.operate.report.DrainReport;
import dev.crossfade.operate.report.Wording;
import java.util.TreeMap;

/** Prints a {@link DrainReport} for people. */
final class DrainText {

    private DrainText() {}

    static void print(DrainReport report, Page page) {
        page.line(
                "%s keys applied, %s newly missed.",
                Wording.count(report.applied()), Wording.count(report.newlyMissed()));
        if (report.deferred() > 0) {
            page.line(
                    "%s: worked on elsewhere, or waiting for a row that they refer to.",
                    page.paint(Wording.count(report.deferred()) + " keys are left", Tone.WARNING));
        }
        new TreeMap<>(report.missedWritesLeft())
                .forEach((entity, count) -> page.line(
                        "%s. See `crossfade queue list %s`.",
                        page.paint("%s missed writes of %s are left".formatted(Wording.count(count), entity), Tone.BAD),
                        entity));
        report.sweeps()
                .forEach(swept -> page.line(
                        "%s: %s rows swept%s, %s.",
                        swept.entity(),
                        Wording.count(swept.rows()),
                        swept.complete() ? "" : " so far",
                        swept.found() == 0
                                ? "no difference found"
                                : page.paint(
                                        "%s differences found that nothing explains, %s repaired"
                                                .formatted(
                                                        Wording.count(swept.found()), Wording.count(swept.repaired())),
                                        Tone.BAD)));
        report.troubles().forEach(trouble -> page.line(page.paint("%s", Tone.BAD), trouble));
    }
}
