package dev.crossfade.cli;

import dev.crossfade.cli.Page.Tone;
import dev.crossfade.flags.Ramp;
import dev.crossfade.flags.StageChanger;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What moving entities did.
 *
 * @param stage where all of them stand now
 * @param changes those that moved
 * @param alreadyThere those that had been there
 * @param ramps in {@code modern-read}: how much of whose reads the modern side answers now
 * @param waitedSeconds how long the gates were waited for, null where they were not to be
 */
record StageChangeReport(
        String stage,
        List<Change> changes,
        List<String> alreadyThere,
        List<RampState> ramps,
        @Nullable Double waitedSeconds)
        implements Report {

    /** One entity's move. */
    record Change(String entity, String from, String to, List<Overruled> overruled) {}

    /** A gate that was closed and overruled. */
    record Overruled(String gate, String seen, String required) {}

    /**
     * A ramp that is in force.
     *
     * @param percent share of the keys, or tenants, that are read from the modern side
     * @param by what the ramp goes by
     * @param tenants tenants that are always in
     */
    record RampState(String entity, String percent, String by, List<String> tenants) {

        static RampState of(String entity, Ramp ramp) {
            return new RampState(
                    entity,
                    ramp.percent(),
                    ramp.by(),
                    ramp.tenants().stream().sorted().toList());
        }

        String text() {
            return "%s: %s%% of the %s are read from the modern side%s."
                    .formatted(
                            entity,
                            percent,
                            by.equals(Ramp.KEY) ? "keys" : "tenants (by " + by + ")",
                            tenants.isEmpty() ? "" : ", and always " + String.join(", ", tenants));
        }

        boolean isWhole() {
            return percent.equals(Ramp.WHOLE.percent());
        }
    }

    /**
     * Returns the report.
     *
     * @param ramps the ramps that count where the entities stand now, by entity
     * @param waited how long the gates were waited for, null where they were not to be
     */
    static StageChangeReport of(
            StageChanger.Request request,
            List<StageChanger.Change> changes,
            Map<String, Ramp> ramps,
            @Nullable Duration waited) {
        List<Change> moved = changes.stream()
                .map(change -> new Change(
                        change.entity(),
                        change.from().label(),
                        change.to().label(),
                        change.overruled().entrySet().stream()
                                .map(gate -> new Overruled(
                                        gate.getKey(),
                                        gate.getValue().seen(),
                                        gate.getValue().required()))
                                .toList()))
                .toList();
        List<String> names = moved.stream().map(Change::entity).toList();
        return new StageChangeReport(
                request.to().label(),
                moved,
                request.entities().stream()
                        .filter(entity -> !names.contains(entity))
                        .toList(),
                ramps.entrySet().stream()
                        .map(ramp -> RampState.of(ramp.getKey(), ramp.getValue()))
                        .toList(),
                waited == null ? null : waited.toMillis() / 1000.0);
    }

    @Override
    public void print(Page page) {
        for (Change change : changes) {
            page.line("%s moved from %s to %s.", change.entity(), change.from(), page.paint(change.to(), Tone.TITLE));
            change.overruled()
                    .forEach(gate -> page.line(
                            "  %s '%s': %s; required: %s.",
                            page.paint("overruled gate", Tone.WARNING), gate.gate(), gate.seen(), gate.required()));
        }
        alreadyThere.forEach(entity -> page.line("%s is at %s already.", entity, stage));
        for (RampState ramp : ramps) {
            page.line(
                    "%s%s",
                    ramp.text(),
                    ramp.isWhole() ? "" : " More: `crossfade flags ramp %s PERCENT`.".formatted(ramp.entity()));
        }
    }
}
