package dev.crossfade.operate.report;

import dev.crossfade.flags.Ramp;
import dev.crossfade.flags.StageChanger;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The result of moving entities.
 *
 * @param stage the stage of all of them now
 * @param changes those that moved
 * @param alreadyThere those that were there already
 * @param ramps at {@code modern-read}, the share of reads that the modern side answers now
 * @param waitedSeconds how long the command waited for gates, null where it was not to wait
 */
public record StageChangeReport(
        String stage,
        List<Change> changes,
        List<String> alreadyThere,
        List<RampState> ramps,
        @Nullable Double waitedSeconds) {

    /** One entity's move. */
    public record Change(String entity, String from, String to, List<Overruled> overruled) {}

    /** A closed gate that was overruled. */
    public record Overruled(String gate, String seen, String required) {}

    /**
     * A ramp that is in force.
     *
     * @param percent share of the keys, or tenants, that are read from the modern side
     * @param by what the ramp hashes
     * @param tenants tenants that are always included
     */
    public record RampState(String entity, String percent, String by, List<String> tenants) {

        public static RampState of(String entity, Ramp ramp) {
            return new RampState(
                    entity,
                    ramp.percent(),
                    ramp.by(),
                    ramp.tenants().stream().sorted().toList());
        }
    }

    /**
     * Returns the report.
     *
     * @param ramps the ramps in force at the entities' present stage, by entity
     * @param waited how long the command waited for gates, null where it was not to wait
     */
    public static StageChangeReport of(
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
}
