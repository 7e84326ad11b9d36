package dev.crossfade.gate;

import dev.crossfade.control.AuthorityTable.Standing;
import dev.crossfade.control.Databases;
import dev.crossfade.flags.Gate;
import dev.crossfade.flags.Gate.Verdict;
import dev.crossfade.fleet.Fleet;
import dev.crossfade.mapping.TableMapping;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import org.jooq.DSLContext;

/** The gates that every stage change passes. */
public final class Gates {

    private Gates() {}

    /**
     * Returns all gates, in the order in which operators read them.
     *
     * @param settings their requirements
     * @param mappings the mappings that are known here, looked up only for steps that need them; if it throws a
     *         {@code CrossfadeException}, the gates that need them are closed
     */
    public static List<Gate> all(
            Databases databases, GateSettings settings, Supplier<? extends Collection<TableMapping>> mappings) {
        DSLContext control = databases.controlDsl();
        Mappings known = new Mappings(mappings);
        Proofs proofs = new Proofs(databases, known);
        return List.of(
                new MappingValid(databases, known),
                fleet(databases),
                new OneMapping(control, known),
                new MovesTogether(databases, settings.togetherWithin()),
                new Stable(control, settings.stableFor()),
                new BackfillComplete(control, proofs),
                new BacklogWithinLimits(databases, settings.backlog()),
                new VerificationClean(control, proofs, settings.verificationAge()),
                new ShadowReadsAgree(control, proofs, settings.shadow()),
                new WrittenAsGiven(control, known, settings.shadow().window()),
                new ReplicasCaughtUp(databases, settings.replicas()),
                new RestoreProven(databases, known, settings.restoreRows()),
                new WayBackLossless(control));
    }

    /**
     * Returns the gate that every row from before dual writing has been copied, by the present mapping and between
     * the present tables.
     */
    public static Verdict backfillComplete(Databases databases, TableMapping mapping) {
        Proofs proofs = new Proofs(databases, new Mappings(() -> List.of(mapping)));
        return new BackfillComplete(databases.controlDsl(), proofs).of(mapping.entity());
    }

    /** Says whether every live instance has applied the stage at which an entity stands. */
    public static Verdict fleetAcknowledged(Databases databases, String entity, Standing standing) {
        return fleet(databases).of(entity, standing);
    }

    private static FleetAcknowledged fleet(Databases databases) {
        return new FleetAcknowledged(new Fleet(databases.controlDsl()), databases.controlDsl());
    }
}
