package dev.crossfade.operate.report;

import dev.crossfade.worker.Worker;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The result of one pass of the worker. */
public record DrainReport(
        boolean level,
        long applied,
        long newlyMissed,
        int deferred,
        Map<String, Integer> missedWritesLeft,
        List<Swept> sweeps,
        List<String> troubles) {

    /**
     * One entity's sweep.
     *
     * @param complete whether all keys were compared; if not, the next start resumes
     */
    public record Swept(String entity, long rows, long found, long repaired, boolean complete) {}

    /**
     * Returns the report.
     *
     * @param leftOut the lines about entities that could not be used
     */
    public static DrainReport of(Worker.Summary summary, List<String> leftOut) {
        return new DrainReport(
                summary.isLevel() && leftOut.isEmpty(),
                summary.applied(),
                summary.newlyMissed(),
                summary.deferred(),
                summary.missedLeft(),
                summary.sweeps().stream().map(DrainReport::swept).toList(),
                Stream.concat(leftOut.stream(), summary.troubles().stream()).toList());
    }

    private static Swept swept(Worker.Swept swept) {
        return new Swept(
                swept.entity(),
                swept.turn().rows(),
                swept.turn().found(),
                swept.turn().repaired(),
                swept.turn().ended());
    }
}
