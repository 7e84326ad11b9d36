package dev.crossfade.cli.stage;

import dev.crossfade.cli.terminal.Page;
import dev.crossfade.cli.terminal.Page.Tone;
import dev.crossfade.flags.Ramp;
import dev.crossfade.operate.report.RampReport;

/** Prints a {@link RampReport} for people. */
final class RampText {

    private RampText() {}

    static void print(RampReport report, Page page) {
        page.line(
                "%s: %s%% of the %s are read from the modern side in modern-read%s.",
                report.entity(),
                report.percent(),
                report.by().equals(Ramp.KEY) ? "keys" : "tenants (by " + report.by() + ")",
                report.tenants().isEmpty() ? "" : ", and always " + String.join(", ", report.tenants()));
        if (!report.inForce()) {
            page.line(page.paint(
                    "%s stands at %s, where the ramp does not count.".formatted(report.entity(), report.stage()),
                    Tone.WARNING));
        }
    }
}
