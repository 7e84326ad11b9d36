package dev.crossfade.cli.stage;

import dev.crossfade.cli.terminal.Page;
import dev.crossfade.cli.terminal.Page.Tone;
import dev.crossfade.cli.terminal.Table;
import dev.crossfade.cli.terminal.Table.Cell;
import dev.crossfade.operate.report.StageReport;
import dev.crossfade.operate.report.StageReport.Change;
import dev.crossfade.operate.report.StageReport.Entity;
import dev.crossfade.operate.report.StageReport.GateState;
import dev.crossfade.operate.report.StageReport.Instance;
import dev.crossfade.operate.report.StageReport.Step;
import dev.crossfade.operate.report.Wording;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Prints a {@link StageReport} for people. */
final class StageText {

    private static final int COLUMN_WIDTH = 38;

    private StageText() {}

    static void print(StageReport report, Page page) {
        for (int i = 0; i < report.entities().size(); i++) {
            if (i > 0) {
                page.gap();
            }
            print(page, report.entities().get(i));
        }
    }

    private static void print(Page page, Entity entity) {
        page.line(
                "%s stands at %s (epoch %s).", entity.entity(), page.paint(entity.stage(), Tone.TITLE), entity.epoch());
        if (entity.contracted() != null) {
            page.line(
                    "It is contracted since %s, by migration %s: there is no way back. `crossfade finish %s` says what is left to do.",
                    Wording.moment(entity.contracted().at()),
                    String.join(", ", entity.contracted().migrations()),
                    entity.entity());
        }
        if (!entity.movesWith().isEmpty()) {
            page.line(
                    "It shares transactions with %s: their authority moves together.",
                    String.join(", ", entity.movesWith()));
        }
        print(page, "Next step", entity.next());
        print(page, "Step back", entity.previous());
        page.gap();
        page.title("Live instances");
        Table instances = new Table("INSTANCE", "VERSION", "SINCE", "EPOCH", "ACKNOWLEDGED", "HEARTBEAT");
        for (Instance instance : entity.instances()) {
            instances.row(
                    instance.name(),
                    instance.version(),
                    Wording.moment(instance.startedAt()),
                    instance.acknowledgedEpoch(),
                    instance.behind() ? Table.cell("behind", Tone.WARNING) : Table.cell("yes", Tone.GOOD),
                    Wording.duration(Duration.ofMillis((long) (instance.heartbeatAgeSeconds() * 1000))) + " ago");
        }
        page.table(instances);
        if (entity.instances().isEmpty()) {
            page.line("none");
        }
        page.gap();
        page.title("History");
        Table history = new Table("WHEN", "FROM", "TO", "BY", "WHY");
        for (Change change : entity.history()) {
            history.row(Wording.moment(change.at()), change.from(), change.to(), change.by(), why(change));
        }
        page.table(history);
        if (entity.history().isEmpty()) {
            page.line("none");
        }
    }

    private static void print(Page page, String title, @Nullable Step step) {
        if (step == null) {
            return;
        }
        page.gap();
        page.line(
                "%s: %s, %s",
                page.paint(title, Tone.TITLE),
                step.to(),
                step.open() ? page.paint("open", Tone.GOOD) : page.paint("closed", Tone.BAD));
        Table gates = new Table("GATE", "STATE", "SEEN", "REQUIRED", "REMEDY").wrappedAt(COLUMN_WIDTH);
        for (GateState gate : step.gates()) {
            gates.row(gate.gate(), state(gate), orDash(gate.seen()), orDash(gate.required()), orNothing(gate.remedy()));
        }
        page.table(gates);
    }

    private static Cell state(GateState gate) {
        Tone tone = switch (gate.state()) {
            case StageReport.OPEN -> Tone.GOOD;
            case StageReport.CLOSED -> Tone.BAD;
            default -> Tone.FAINT;
        };
        return Table.cell(gate.state(), tone);
    }

    private static Cell why(Change change) {
        String reason = orNothing(change.reason());
        return change.forced()
                ? Table.cell(
                        "forced past '%s': %s".formatted(String.join("', '", change.overruled()), reason), Tone.WARNING)
                : Table.cell(reason, Tone.PLAIN);
    }

    private static String orDash(@Nullable String text) {
        return text == null ? "-" : text;
    }

    private static String orNothing(@Nullable String text) {
        return text == null ? "" : text;
    }
}
