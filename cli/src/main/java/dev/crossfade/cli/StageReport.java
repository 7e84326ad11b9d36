package dev.crossfade.cli;

import dev.crossfade.cli.Page.Tone;
import dev.crossfade.cli.Table.Cell;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where some entities stand and what keeps them there. */
record StageReport(List<Entity> entities) implements Report {

    static final String OPEN = "open";
    static final String CLOSED = "closed";
    static final String NOT_CONCERNED = "not-concerned";

    private static final int COLUMN_WIDTH = 38;

    /**
     * One entity.
     *
     * @param contracted how its legacy structures went, null while it has them
     * @param movesWith the entities that are used in one transaction with it, so that their authority moves together
     * @param next the step forward, null at the end
     * @param previous the step back, null at the start, and where there is no way back any more
     * @param instances the live instances that serve it
     * @param history its last changes, the newest first
     */
    record Entity(
            String entity,
            String stage,
            long epoch,
            StatusReport.@Nullable Contracted contracted,
            List<String> movesWith,
            @Nullable Step next,
            @Nullable Step previous,
            List<Instance> instances,
            List<Change> history) {}

    /** A step and its gates. */
    record Step(String to, boolean open, List<GateState> gates) {}

    /**
     * A gate.
     *
     * @param state {@code open}, {@code closed}, or {@code not-concerned} where the gate does not guard the step
     * @param seen what was found, null where the gate is not concerned
     * @param required what is asked for, null where the gate is not concerned
     * @param remedy what to do, null unless it is closed
     */
    record GateState(
            String gate,
            String state,
            @Nullable String seen,
            @Nullable String required,
            @Nullable String remedy) {}

    /**
     * A live instance.
     *
     * @param acknowledgedEpoch the newest epoch that it has applied
     * @param heartbeatAgeSeconds how long since it was heard of, by the database's clock
     */
    record Instance(
            String name,
            String version,
            OffsetDateTime startedAt,
            long acknowledgedEpoch,
            boolean behind,
            double heartbeatAgeSeconds) {}

    /**
     * A change that happened.
     *
     * @param overruled the gates that were closed
     */
    record Change(
            String from,
            String to,
            OffsetDateTime at,
            String by,
            @Nullable String reason,
            boolean forced,
            List<String> overruled) {}

    @Override
    public void print(Page page) {
        for (int i = 0; i < entities.size(); i++) {
            if (i > 0) {
                page.gap();
            }
            print(page, entities.get(i));
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
            case OPEN -> Tone.GOOD;
            case CLOSED -> Tone.BAD;
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
