package dev.crossfade.worker;

import dev.crossfade.verify.Sweep;
import dev.crossfade.verify.Sweep.Turn;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;

/** Compares an entity's keys for some time; then another entity, or another worker, gets its turn. */
final class SweepJob extends Job {

    /** How often to look whether a pass is due or requested. */
    static final Duration LOOK = Duration.ofSeconds(5);

    private static final Duration TURN = Duration.ofSeconds(10);
    private static final Duration TAKEN = Duration.ofSeconds(1);
    /**
     * The rest after an unfinished turn. It is longer than that of a sweep that found another one running, so the
     * other one gets its turn.
     */
    private static final Duration BREATH = TAKEN.plusMillis(500);

    private final Sweep sweep;
    private final Semaphore oneAtATime;
    private volatile Turn last = Turn.NONE;

    /**
     * Creates the job.
     *
     * @param oneAtATime shared by the sweeps of this process, so that they never take the threads that drain
     */
    SweepJob(Sweep sweep, Semaphore oneAtATime) {
        super(Kind.SWEEP, sweep.entity());
        this.sweep = sweep;
        this.oneAtATime = oneAtATime;
    }

    /** Returns the result of its last turn. */
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
}
