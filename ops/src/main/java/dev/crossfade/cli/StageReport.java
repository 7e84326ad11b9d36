package dev.crossfade.cli;

import dev.crossfade.cli.Page.Tone;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where some entities stand and what keeps them there. */
record StageReport(List<Entity> entities) implements Report {

    /**
     * One entity.
     *
     * @param next the step forward, null at the end
     * @param previous the step back, null at the start
     * @param instances the live instances that serve it
     * @param history its last changes, the newest first
     */
    record Entity(
            String entity,
            String stage,
            long epoch,
            @Nullable Step next,
            @Nullable Step previous,
            List<Instance> instances,
            List<Change> history) {}

    /** A step and its gates. */
    record Step(String to, boolean open, List<GateState> gates) {}

    /**
     * A gate.
     *
     * @param reason what was seen against what is required, null if it is open
     * @param remedy what to do, null if it is open
     */
    record GateState(
            String gate,
            boolean open,
            @Nullable String reason,
            @Nullable String remedy) {}

    /** A live instance. */
    record Instance(String name, String version, OffsetDateTime startedAt, long acknowledgedEpoch, boolean behind) {}

    /** A change that happened. */
    record Change(
            String from,
            String to,
            OffsetDateTime at,
            String by,
            @Nullable String reason,
            boolean forced) {}

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
                "%s stands at %s (epoch %d).", entity.entity(), page.paint(entity.stage(), Tone.TITLE), entity.epoch());
        print(page, "Next step", entity.next());
        print(page, "Step back", entity.previous());
        page.gap();
        page.title("Live instances");
        Table instances = new Table("INSTANCE", "VERSION", "SINCE", "EPOCH", "");
        for (Instance instance : entity.instances()) {
            instances.row(
                    instance.name(),
                    instance.version(),
                    Wording.moment(instance.startedAt()),
                    instance.acknowledgedEpoch(),
                    instance.behind() ? Table.cell("behind", Tone.WARNING) : "");
        }
        page.table(instances);
        if (entity.instances().isEmpty()) {
            page.line("none");
        }
        page.gap();
        page.title("History");
        Table history = new Table("WHEN", "FROM", "TO", "BY", "WHY");
        for (Change change : entity.history()) {
            String reason = change.reason() == null ? "" : change.reason();
            history.row(
                    Wording.moment(change.at()),
                    change.from(),
                    change.to(),
                    change.by(),
                    change.forced() ? Table.cell(("forced: " + reason).strip(), Tone.WARNING) : reason);
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
        Table gates = new Table("GATE", "STATE", "WHY");
        for (GateState gate : step.gates()) {
            gates.row(
                    gate.gate(),
                    gate.open() ? Table.cell("open", Tone.GOOD) : Table.cell("closed", Tone.BAD),
                    gate.open() ? "" : gate.reason() + " " + gate.remedy());
        }
        page.table(gates);
    }
}
