package dev.crossfade.reconcile;

import dev.crossfade.control.AuthorityTable.Standing;
import dev.crossfade.control.Databases;
import dev.crossfade.control.FrozenException;
import dev.crossfade.control.StandingChangedException;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import dev.crossfade.queue.Intents;
import dev.crossfade.queue.MissedWrites;
import dev.crossfade.queue.MissedWrites.Claim;
import dev.crossfade.queue.PendingKeys.PendingKey;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jooq.exception.DataAccessException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Retries missed writes that wait for rows they refer to, parents first: a row that was missing then may be there
 * now, or be one of them. Each key is retried like any missed write.
 */
public final class WaitingRows {

    /** The most keys that are ordered together; beyond that, keys that depend on later ones take another turn. */
    private static final int PAGE = 200_000;

    private static final Logger LOG = LoggerFactory.getLogger(WaitingRows.class);

    private final Databases databases;
    private final Reconciler reconciler;
    private final MissedWrites missedWrites;

    /** Works on the given databases through the given reconciler. */
    public WaitingRows(Databases databases, Reconciler reconciler) {
        this.databases = databases;
        this.reconciler = reconciler;
        this.missedWrites = new MissedWrites(databases.controlDsl());
    }

    /**
     * Retries all of an entity's waiting rows, in turns, until a turn applies none.
     *
     * @return how many were applied
     * @throws MirrorOutageException if a database cannot be used
     */
    public int bringIn(TableMapping mapping, BooleanSupplier stopped) {
        int all = 0;
        try {
            int applied = 1;
            while (applied > 0 && !stopped.getAsBoolean()) {
                applied = turn(mapping, stopped);
                all += applied;
            }
            return all;
        } catch (StandingChangedException | FrozenException e) {
            LOG.debug("{}: its waiting rows wait on.", mapping.entity(), e);
            return all;
        } catch (DataAccessException | SQLException e) {
            throw new MirrorOutageException(mapping.entity(), Side.LEGACY, e);
        }
    }

    private int turn(TableMapping mapping, BooleanSupplier stopped) throws SQLException {
        Standing standing = reconciler.standing(mapping);
        if (!standing.stage().mirrors()) {
            return 0;
        }
        ParentsFirst parentsFirst =
                new ParentsFirst(databases, mapping.from(standing.stage().authority()));
        int applied = 0;
        Optional<RecordKey> after = Optional.empty();
        do {
            List<Claim> page = missedWrites.waiting(mapping.entity(), after, PAGE);
            Map<RecordKey, Claim> claims = new HashMap<>();
            page.forEach(claim -> claims.put(claim.key(), claim));
            List<RecordKey> keys =
                    parentsFirst.order(page.stream().map(Claim::key).toList());
            for (int from = 0; from < keys.size() && !stopped.getAsBoolean(); from += Drain.BATCH) {
                List<RecordKey> batch = keys.subList(from, Math.min(keys.size(), from + Drain.BATCH));
                applied += applied(
                        mapping, standing, batch.stream().map(claims::get).toList());
            }
            after = page.size() < PAGE
                    ? Optional.empty()
                    : Optional.of(page.getLast().key());
        } while (after.isPresent() && !stopped.getAsBoolean());
        return applied;
    }

    private int applied(TableMapping mapping, Standing standing, List<Claim> claims) throws SQLException {
        List<Outcome> outcomes = retry(mapping, standing, claims);
        return (int) outcomes.stream().filter(Outcome.Applied.class::isInstance).count();
    }

    /** Retries missed writes: notes an intent for each, applies it, and forgets those that succeeded. */
    List<Outcome> retry(TableMapping mapping, Standing standing, List<Claim> claims) throws SQLException {
        List<PendingKey> work = new ArrayList<>();
        Intents.note(
                        reconciler.hold(mapping, standing),
                        claims.stream().map(Claim::key).toList())
                .forEach(intent -> work.add(new PendingKey(intent.key(), List.of(intent))));
        List<Outcome> outcomes = reconciler.retry(mapping, work);
        Set<RecordKey> applied = outcomes.stream()
                .filter(Outcome.Applied.class::isInstance)
                .map(Outcome::key)
                .collect(Collectors.toSet());
        missedWrites.cleared(
                mapping.entity(),
                claims.stream().filter(claim -> applied.contains(claim.key())).toList());
        return outcomes;
    }
}
