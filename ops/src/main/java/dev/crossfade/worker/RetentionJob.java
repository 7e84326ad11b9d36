package dev.crossfade.worker;

import dev.crossfade.control.Databases;
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

    private static final String VERIFICATIONS = """
            delete from crossfade.verification v using (
                select id, row_number() over (partition by entity, finished_at is null order by id desc) as place
                from crossfade.verification) as n
            where n.id = v.id and n.place > 1 and (n.place > ? or v.started_at < now() - make_interval(secs => ?))
            """;
    private static final String PASSES = """
            delete from crossfade.sweep_cycle c using (
                select id, row_number() over (partition by entity order by id desc) as place
                from crossfade.sweep_cycle where finished_at is not null) as n
            where n.id = c.id and n.place > 1 and (n.place > ? or c.started_at < now() - make_interval(secs => ?))
            """;
    private static final String TALLIES =
            "delete from crossfade.shadow_tally where bucket < now() - make_interval(secs => ?)";
    private static final String MISMATCHES =
            "delete from crossfade.shadow_mismatch where last_seen_at < now() - make_interval(secs => ?)";
    private static final String LOSSY_WRITES =
            "delete from crossfade.lossy_write where last_seen_at < now() - make_interval(secs => ?)";

    private final DSLContext control;
    private final Keeping keeping;

    RetentionJob(Databases databases, Keeping keeping) {
        super(Kind.RETENTION, "history");
        this.control = databases.controlDsl();
        this.keeping = keeping;
    }

    @Override
    Duration work(BooleanSupplier stopping) {
        double age = keeping.age().toMillis() / 1000.0;
        int deleted = control.execute(VERIFICATIONS, keeping.count(), age)
                + control.execute(PASSES, keeping.count(), age)
                + control.execute(TALLIES, age)
                + control.execute(MISMATCHES, age)
                + control.execute(LOSSY_WRITES, age);
        if (deleted > 0) {
            LOG.info(
                    "Deleted {} verifications, passes of sweeps, shadow reads and lossy writes that are too old or too many.",
                    deleted);
        }
        return INTERVAL;
    }
}
