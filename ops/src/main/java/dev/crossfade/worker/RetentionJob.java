package dev.crossfade.worker;

import dev.crossfade.control.Databases;
import dev.crossfade.control.LossyWriteTable;
import dev.crossfade.control.VerificationTable;
import dev.crossfade.shadow.ShadowLog;
import dev.crossfade.verify.SweepCycle;
import dev.crossfade.worker.WorkerSettings.Keeping;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jooq.DSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes history from the control schema when it is too old or too much. It keeps what an entity's gates may still
 * read, the last verification and the last pass of a sweep, and every stage change.
 */
final class RetentionJob extends Job {

    private static final Logger LOG = LoggerFactory.getLogger(RetentionJob.class);
    private static final Duration INTERVAL = Duration.ofHours(1);

    private final DSLContext control;
    private final Keeping keeping;

    RetentionJob(Databases databases, Keeping keeping) {
        super(Kind.RETENTION, "history");
        this.control = databases.controlDsl();
        this.keeping = keeping;
    }

    @Override
    Duration work(BooleanSupplier stopping) {
        int deleted = VerificationTable.prune(control, keeping.count(), keeping.age())
                + SweepCycle.prune(control, keeping.count(), keeping.age())
                + new ShadowLog(control).prune(keeping.age())
                + LossyWriteTable.prune(control, keeping.age());
        if (deleted > 0) {
            LOG.info(
                    "Deleted {} verifications, passes of sweeps, shadow reads and lossy writes that are too old or too many.",
                    deleted);
        }
        return INTERVAL;
    }
}
