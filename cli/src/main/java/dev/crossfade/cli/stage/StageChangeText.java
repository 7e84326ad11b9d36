package dev.crossfade.cli.stage;

import dev.crossfade.cli.terminal.Page;
import dev.crossfade.cli.terminal.Page.Tone;
import dev.crossfade.flags.Ramp;
import dev.crossfade.operate.report.StageChangeReport;
import dev.crossfade.operate.report.StageChangeReport.Change;
import dev.crossfade.operate.report.StageChangeReport.RampState;

/** Prints a {@link StageChangeReport} for people. */
final class StageChangeText {

    private StageChangeText() {}

    static void print(StageChangeReport report, Page page) {
        for (Change change : report.changes()) {
            page.line("%s moved from %s to %s.", change.entity(), change.from(), page.paint(change.to(), Tone.TITLE));
            change.overruled()
                    .forEach(gate -> page.line(
                            "  %s '%s': %s; required: %s.",
                            page.paint("overruled gate", Tone.WARNING), gate.gate(), gate.seen(), gate.required()));
        }
        report.alreadyThere().forEach(entity -> page.line("%s is at %s already.", entity, report.stage()));
        for (RampState ramp : report.ramps()) {
            page.line(
                    "%s%s",
                    text(ramp),
                    ramp.percent().equals(Ramp.WHOLE.percent())
                            ? ""
                            : " More: `crossfade flags ramp %s PERCENT`.".formatted(ramp.entity()));
        }
    }

    private static String text(RampState ramp) {
        return "%s: %s%% of the %s are read from the modern side%s."
                .formatted(
                        ramp.entity(),
                        ramp.percent(),
                        ramp.by().equals(Ramp.KEY) ? "keys" : "tenants (by " + ramp.by() + ")",
                        ramp.tenants().isEmpty() ? "" : ", and always " + String.join(", ", ramp.tenants()));
    }
}
