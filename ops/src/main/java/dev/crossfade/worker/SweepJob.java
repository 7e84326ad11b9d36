package dev.crossfade.worker;

import dev.crossfade.model.RecordKey;
import dev.crossfade.verify.Difference;
import dev.crossfade.verify.Sweep;
import dev.crossfade.verify.Sweep.Turn;
import dev.crossfade.verify.SweepCycle;
import dev.crossfade.verify.SweepListener;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An entity's keys are compared, for some time; then another entity, or another worker, gets its turn. */
final class SweepJob extends Job {

    private static final Logger LOG = LoggerFactory.getLogger(SweepJob.class);

    /** How often it is looked whether a pass is due, or was asked for. */
    static final Duration LOOK = Duration.ofSeconds(5);

    private static final Duration TURN = Duration.ofSeconds(10);
    private static final Duration TAKEN = Duration.ofSeconds(1);
    /** Longer than what one rests that found another sweep at work: then it is that one's turn. */
    private static final Duration BREATH = TAKEN.plusMillis(500);

    private final Sweep sweep;
    private final Semaphore oneAtATime;
    private volatile Turn last = Turn.NONE;

    /**
     * Makes the job.
     *
     * @param oneAtATime shared by the sweeps of this process, so that they never take the threads that drain
     */
    SweepJob(Sweep sweep, Semaphore oneAtATime) {
        super(Kind.SWEEP, sweep.entity());
        this.sweep = sweep;
        this.oneAtATime = oneAtATime;
    }

    /** Returns what was done when it last had its turn. */
    Turn last() {
        return last;
    }

    @Override
    Duration work(BooleanSupplier stopping) {
        last = Turn.NONE;
        if (!oneAtATime.tryAcquire()) {
            return TAKEN;
        }
        try {
            last = sweep.turn(TURN, stopping);
            return last.unfinished() ? BREATH : LOOK;
        } finally {
            oneAtATime.release();
        }
    }

    /** Says in the log what a sweep sees. */
    static final class Voice implements SweepListener {

        @Override
        public void found(String entity, List<Difference> differences, int repaired) {
            Map<String, Long> kinds = differences.stream()
                    .collect(Collectors.groupingBy(Difference::kind, TreeMap::new, Collectors.counting()));
            LOG.atWarn()
                    .addKeyValue("entity", entity)
                    .addKeyValue("found", differences.size())
                    .addKeyValue("repaired", repaired)
                    .log(
                            "{}: the sweep found {} differences that nothing explains ({}) and repaired {}. Someone writes past the service, or the live path has a hole: see the runbook.",
                            entity,
                            differences.size(),
                            kinds.entrySet().stream()
                                    .map(kind -> kind.getValue() + " " + kind.getKey())
                                    .collect(Collectors.joining(", ")),
                            repaired);
        }

        @Override
        public void heldBack(String entity, long rows, long allowed, List<RecordKey> keys) {
            LOG.atError()
                    .addKeyValue("entity", entity)
                    .addKeyValue("rows", rows)
                    .log(
                            "{}: the sweep would delete or overwrite {} rows of the mirror and may {} more of them today, so it leaves them. Somebody must look: `crossfade verify {} --dry-run`, then `crossfade verify {} --repair --allow-rows N`.",
                            entity,
                            rows,
                            allowed,
                            entity,
                            entity);
            LOG.debug("{}: the first of them: {}", entity, keys);
        }

        @Override
        public void unreadable(String entity, String reason) {
            LOG.atWarn()
                    .addKeyValue("entity", entity)
                    .log(
                            "{}: the sweep left out a row that cannot be compared: {}. Its write is missed: see `crossfade queue list {}`.",
                            entity,
                            reason,
                            entity);
        }

        @Override
        public void finished(String entity, SweepCycle cycle) {
            LOG.atLevel(cycle.found() > 0 ? org.slf4j.event.Level.WARN : org.slf4j.event.Level.INFO)
                    .addKeyValue("entity", entity)
                    .addKeyValue("rows", cycle.rowsCompared())
                    .addKeyValue("found", cycle.found())
                    .addKeyValue("foundPerMillion", cycle.foundPerMillion())
                    .log(
                            "{}: all {} rows are swept, {} differences found, {} repaired",
                            entity,
                            cycle.rowsCompared(),
                            cycle.found(),
                            cycle.repaired());
        }
    }
}
