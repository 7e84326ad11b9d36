package dev.crossfade.gate;

import dev.crossfade.control.Databases;
import dev.crossfade.flags.Gate;
import dev.crossfade.fleet.Fleet;
import java.util.List;

/** The gates that every stage change passes. */
public final class Gates {

    private Gates() {}

    /** Returns all gates, in the order in which operators read them. */
    public static List<Gate> all(Databases databases) {
        return List.of(
                fleetAcknowledged(databases),
                new BackfillComplete(databases.controlDsl()),
                new QueueDrained(databases),
                new VerificationClean(databases.controlDsl()));
    }

    /** Returns the gate that every live instance has applied the present stage. */
    public static Gate fleetAcknowledged(Databases databases) {
        return new FleetAcknowledged(new Fleet(databases.controlDsl()));
    }
}
