package dev.crossfade.recover;

import dev.crossfade.control.AuthorityTable;
import dev.crossfade.control.AuthorityTable.Fence;
import dev.crossfade.control.AuthorityTable.Standing;
import dev.crossfade.control.DatabaseIdentity.Sighting;
import dev.crossfade.control.Databases;
import dev.crossfade.control.EntityTables;
import dev.crossfade.control.FormerEntities;
import dev.crossfade.control.StandingHold;
import dev.crossfade.flags.StandingRecovery;
import dev.crossfade.flags.StandingWatch;
import dev.crossfade.gate.Barrier;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.RefusedException;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.model.UnavailableException;
import dev.crossfade.queue.Intent;
import dev.crossfade.queue.Intents;
import dev.crossfade.queue.MirrorRecords;
import dev.crossfade.reconcile.Drain;
import dev.crossfade.reconcile.MirrorOutageException;
import dev.crossfade.reconcile.ReconcileListener;
import dev.crossfade.reconcile.Reconciler;
import dev.crossfade.sql.CanonicalTransaction;
import dev.crossfade.sql.CanonicalTransaction.Limits;
import dev.crossfade.sql.ServerMessage;
import dev.crossfade.verify.Survey;
import dev.crossfade.verify.Survey.Listed;
import dev.crossfade.verify.VerificationListener;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.exception.DataAccessException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows what each side of a frozen entity has alone, and carries out an operator's decision which side wins. The stage
 * does not move. Whichever side wins, rows that the service has written since on the authoritative side are the newest
 * and are kept. The entity stays frozen until everything is written or noted, so the same call completes an
 * interrupted recovery.
 */
public final class Recovery {

    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);
    private static final int BATCH = 500;
    private static final Limits NOTING = new Limits(Duration.ofSeconds(2), Duration.ofSeconds(15));
    /** How many rounds may pass without a key being brought up to date before the rest is left to the worker. */
    private static final int PATIENCE = 20;

    private static final String LOST = "the control database has lost its record of where it stands.";

    private final Databases databases;
    private final TableMapping mapping;
    private final String entity;
    private final VerificationListener listener;
    private final Survey survey;

    /** Creates a recovery of an entity, frozen or not. Both databases must answer. */
    public Recovery(Databases databases, TableMapping mapping, VerificationListener listener) {
        this.databases = databases;
        this.mapping = mapping;
        this.entity = mapping.entity();
        this.listener = listener;
        this.survey = new Survey(databases, mapping, listener);
    }

    /**
     * Shows the disagreement, and changes no row. It compares the databases first, which may restore a lost stage or
     * freeze the entity.
     *
     * @param named the entity's stage, where it cannot be determined
     * @throws UnavailableException if a database cannot be read
     */
    public Picture look(Optional<Stage> named) {
        return describingFailures(() -> {
            new StandingWatch(databases).lookQuietly(Map.of());
            Standpoint standpoint = Standpoint.read(databases, entity);
            boolean frozen = standpoint.frozen().isPresent() || standpoint.isLost();
            if (standpoint.frozen().isPresent() && !standpoint.isLost()) {
                standpoint.inForce().filter(one -> one.stage().mirrors()).ifPresent(this::noteUnmirrored);
            }
            Optional<Standing> standing =
                    named.isPresent() ? Optional.of(standpoint.settled(entity, named)) : standpoint.inForce();
            return frozen ? picture(standpoint, standing) : uncompared(standpoint);
        });
    }

    /**
     * Carries out a decision.
     *
     * @throws RefusedException if the side that wins is not kept up to date in this stage, another decision is partly
     *     carried out, the mapping is not the fleet's, or somebody blocks the entity
     * @throws UnavailableException if a database fails; the same call resumes
     */
    public Outcome decide(Decision decision) {
        return describingFailures(() -> {
            new StandingWatch(databases).lookQuietly(Map.of());
            FormerEntities.requireSettled(databases.controlDsl(), entity);
            AuthorityTable.requireMapping(databases.controlDsl(), entity, mapping.fingerprint());
            RecoveryLog.requireSameWinner(databases.controlDsl(), entity, decision.winner());
            Standpoint standpoint = Standpoint.read(databases, entity);
            if (standpoint.frozen().isEmpty() && !standpoint.isLost()) {
                return new Outcome.NothingToRecover();
            }
            return carryOut(decision, standpoint);
        });
    }

    private Outcome carryOut(Decision decision, Standpoint standpoint) {
        Standing standing = standpoint.settled(entity, decision.stage());
        Side authority = standing.stage().authority();
        if (!standing.stage().mirrors() && decision.winner() != authority) {
            throw new RefusedException(
                    "%s stands at %s, where the %s side is not kept up to date, so it cannot win. Run it with --winner %s, which changes no row."
                            .formatted(
                                    entity,
                                    standing.stage().label(),
                                    decision.winner().label(),
                                    authority.label()));
        }
        String frozen = standpoint.frozen().orElse(LOST);
        new StandingRecovery(databases, entity)
                .record(standpoint.record().map(Fence::standing), standing, frozen, decision.author());
        EntityTables.register(databases, entity, mapping.tables());
        if (!standing.stage().mirrors()) {
            Losses none = new Losses(decision.winner(), 0, 0, 0, 0);
            RecoveryLog.begin(databases.controlDsl(), entity, decision, standing, frozen, 0);
            return finish(standing, none, List.of(), new Restoration.Result(0, 0, Map.of()));
        }
        new Barrier(databases, reason -> listener.waiting(entity, reason)).pass(mapping, standing);
        new UnmirroredWrites(databases, hold(standing)).noteAgain();
        List<Intent> stranded = stranded(authority.opposite());
        Picture picture = picture(Standpoint.read(databases, entity), Optional.of(standing));
        Losses losses = picture.losses().stream()
                .filter(one -> one.winner() == decision.winner())
                .findFirst()
                .orElseThrow();
        long allowed = decision.allowRows().orElse(losses.allowed());
        if (losses.destroyed() > allowed) {
            return new Outcome.HeldBack(picture, losses, allowed);
        }
        RecoveryLog.begin(databases.controlDsl(), entity, decision, standing, frozen, losses.destroyed());
        List<Listed> listed = picture.seen().orElseThrow().listed();
        StandingHold hold = hold(standing);
        Restoration.Result result = decision.winner() == authority
                ? note(hold, listed)
                : new Restoration(databases, mapping, hold).carryOut(listed);
        if (!result.unfit().isEmpty() && !decision.leaveUnfit()) {
            return new Outcome.Unfinished(losses, result.changed(), result.unfit());
        }
        return finish(standing, losses, stranded, result);
    }

    private StandingHold hold(Standing standing) {
        return new StandingHold(databases, entity, mapping.fingerprint(), standing);
    }

    /**
     * Makes the picture show what a decision will find. The decision repeats this itself where it is not possible yet.
     */
    private void noteUnmirrored(Standing standing) {
        try {
            new UnmirroredWrites(databases, hold(standing)).noteAgain();
        } catch (RefusedException e) {
            LOG.debug("{} is recovered or moved at this moment.", entity, e);
        }
    }

    /**
     * Notes keys for the mirror, which the applier brings up to date once the entity is thawed. If this process ends
     * first, the worker does it.
     */
    private Restoration.Result note(StandingHold hold, List<Listed> listed) {
        for (int from = 0; from < listed.size(); from += BATCH) {
            List<RecordKey> keys = listed.subList(from, Math.min(listed.size(), from + BATCH)).stream()
                    .map(one -> one.difference().key())
                    .toList();
            try {
                CanonicalTransaction.in(databases.of(hold.seen().stage().authority()), NOTING, connection -> {
                    hold.beforeDeciding(connection);
                    return Intents.append(connection, entity, keys);
                });
            } catch (SQLException e) {
                throw interrupted(ServerMessage.withoutValues(e), e);
            }
        }
        return new Restoration.Result(listed.size(), 0, Map.of());
    }

    private Outcome finish(Standing standing, Losses losses, List<Intent> stranded, Restoration.Result result) {
        deleteStranded(standing.stage().authority().opposite(), stranded);
        databases
                .dsl(standing.stage().authority().opposite())
                .connection(mirror -> MirrorRecords.forget(mirror, entity));
        new StandingRecovery(databases, entity).thaw(control -> RecoveryLog.finish(control, entity));
        return new Outcome.Recovered(
                standing, losses, result.changed(), result.passedBy(), result.unfit(), drain(standing));
    }

    /** Applies intents; returns how many are left. */
    private long drain(Standing standing) {
        Side authority = standing.stage().authority();
        Drain drain = new Drain(databases, new Reconciler(databases, ReconcileListener.NONE));
        try {
            for (int idle = 0; standing.stage().mirrors() && idle < PATIENCE; ) {
                Drain.Round round = drain.intents(mapping, Duration.ZERO);
                if (round.isIdle()) {
                    break;
                }
                idle = round.applied() + round.missed() == 0 ? idle + 1 : 0;
            }
        } catch (MirrorOutageException e) {
            listener.waiting(entity, "the mirror cannot be reached; the worker goes on.");
        }
        return Intents.count(databases.dsl(authority), entity);
    }

    /**
     * Returns the mirror side's intents, from writes made while it was authoritative. Each of their keys is compared
     * afterwards.
     */
    private List<Intent> stranded(Side mirror) {
        List<Intent> found = new ArrayList<>();
        if (!databases.areShared()) {
            List<Intent> page = List.of();
            do {
                long after = page.isEmpty() ? 0 : page.getLast().id();
                page = Intents.oldest(databases.dsl(mirror), entity, after, Drain.BATCH, Duration.ZERO);
                found.addAll(page);
            } while (!page.isEmpty());
        }
        return found;
    }

    private void deleteStranded(Side mirror, List<Intent> stranded) {
        for (int from = 0; from < stranded.size(); from += Drain.BATCH) {
            List<Intent> some = stranded.subList(from, Math.min(stranded.size(), from + Drain.BATCH));
            databases.dsl(mirror).connection(connection -> Intents.delete(connection, entity, some));
        }
    }

    private Picture uncompared(Standpoint standpoint) {
        return new Picture(
                entity, standpoint, identities(), Optional.empty(), Optional.empty(), 0, List.of(), Optional.empty());
    }

    private Picture picture(Standpoint standpoint, Optional<Standing> standing) {
        Optional<Side> authority = standing.filter(one -> one.stage().mirrors())
                .map(one -> one.stage().authority());
        Optional<Survey.Seen> seen = authority.map(survey::compare);
        List<Losses> losses = new ArrayList<>();
        seen.ifPresent(found -> {
            for (Side winner : Side.values()) {
                losses.add(Losses.of(winner, found.listed(), survey.rows(winner.opposite())));
            }
        });
        long stranded = databases.areShared() || authority.isEmpty()
                ? 0
                : Intents.count(databases.dsl(authority.get().opposite()), entity);
        return new Picture(
                entity,
                standpoint,
                identities(),
                standing,
                seen,
                stranded,
                losses,
                RecoveryLog.unfinished(databases.controlDsl(), entity));
    }

    private List<Picture.Database> identities() {
        Sighting here = databases.controlDsl().connectionResult(Sighting::of);
        if (databases.areShared()) {
            return List.of(database(Side.LEGACY, here, Optional.empty()));
        }
        Sighting there = databases.dsl(Side.MODERN).connectionResult(Sighting::of);
        return List.of(
                database(Side.LEGACY, here, Optional.of(there)), database(Side.MODERN, there, Optional.of(here)));
    }

    private static Picture.Database database(Side side, Sighting of, Optional<Sighting> other) {
        return new Picture.Database(
                side,
                of.identity(),
                other.flatMap(one -> Optional.ofNullable(one.other())),
                of.change(other.map(Sighting::other).orElse(null)));
    }

    /** Work on both databases. */
    @FunctionalInterface
    private interface RecoveryWork<T> {
        T run();
    }

    private <T> T describingFailures(RecoveryWork<T> work) {
        try {
            return work.run();
        } catch (DataAccessException e) {
            throw interrupted(ServerMessage.sentence(ServerMessage.of(e)), e);
        }
    }

    private UnavailableException interrupted(String message, Exception cause) {
        return new UnavailableException(
                "The recovery of %s was interrupted: %s Run the same command again; it goes on where it stopped."
                        .formatted(entity, message),
                cause);
    }
}
