package dev.crossfade.worker;

import dev.crossfade.control.Databases;
import dev.crossfade.fleet.EntityGroups;
import dev.crossfade.fleet.Fleet;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Forgets instances that have been gone for a long time. */
final class FleetJob extends Job {

    private static final Logger LOG = LoggerFactory.getLogger(FleetJob.class);
    private static final Duration INTERVAL = Duration.ofMinutes(1);
    private static final Duration FORGOTTEN_AFTER = Duration.ofHours(1);
    /** How long an unused group is kept. Gates look back a week by default. */
    private static final Duration GROUPS_FORGOTTEN_AFTER = Duration.ofDays(90);

    private final Fleet fleet;
    private final EntityGroups groups;

    FleetJob(Databases databases) {
        super(Kind.FLEET, "instances");
        this.fleet = new Fleet(databases.controlDsl());
        this.groups = new EntityGroups(databases.controlDsl());
    }

    @Override
    Duration work(BooleanSupplier stopping) {
        int gone = fleet.forgetGone(FORGOTTEN_AFTER);
        if (gone > 0) {
            LOG.info("Forgot {} instances that have been gone for more than an hour.", gone);
        }
        groups.forget(GROUPS_FORGOTTEN_AFTER);
        return INTERVAL;
    }
}
