package dev.crossfade.reconcile;

import dev.crossfade.control.AuthorityTable.Standing;
import dev.crossfade.control.Databases;
import dev.crossfade.control.FrozenException;
import dev.crossfade.control.StandingChangedException;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.CrossfadeException;
import dev.crossfade.model.Side;
import dev.crossfade.queue.Intent;
import dev.crossfade.queue.Intents;
import dev.crossfade.queue.MissedWrites;
import dev.crossfade.queue.MissedWrites.Claim;
import dev.crossfade.queue.PendingKeys.PendingKey;
import dev.crossfade.time.DaemonThread;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.stream.IntStream;
import org.jooq.exception.DataAccessException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Applies the intents and missed writes in the databases, whichever process left them. Thread-safe. */
public final class Drain {

    /** How many intents a lane applies at a time. */
    public static final int BATCH = 2000;

    /** Fewer keys than this are not worth another lane. */
    private static final int WORTH_A_LANE = 200;

    /** Of the system's own: a lane waits for the server far more often than it is worth to leave a thread to others. */
    private static final ThreadFactory LANE = DaemonThread.numbered("crossfade-lane-");

    private static final Logger LOG = LoggerFactory.getLogger(Drain.class);
    private static final Round IDLE = new Round(0, 0, 0);

    private final Databases databases;
    private final Reconciler reconciler;
    private final int lanes;
    private final MissedWrites missedWrites;
    private final WaitingRows waitingRows;
    /** Where to continue, for entities whose oldest intents all wait: those behind them must not wait too. */
    private final Map<String, Long> cursors = new ConcurrentHashMap<>();

    /** Works on the given databases through the given reconciler, on the caller's thread alone. */
    public Drain(Databases databases, Reconciler reconciler) {
        this(databases, reconciler, 1);
    }

    /**
     * Works on the given databases through the given reconciler.
     *
     * @param lanes how many batches of an entity are applied at the same time, at least 1; each takes a connection to
     *         each database
     */
    public Drain(Databases databases, Reconciler reconciler, int lanes) {
        this.databases = databases;
        this.reconciler = reconciler;
        this.lanes = lanes;
        this.missedWrites = new MissedWrites(databases.controlDsl());
        this.waitingRows = new WaitingRows(databases, reconciler);
    }

    /**
     * The result of a round.
     *
     * @param applied keys whose mirror is up to date
     * @param deferred keys that wait
     * @param missed keys that were recorded as missed
     */
    public record Round(int applied, int deferred, int missed) {

        /** Tells whether there was nothing to do. */
        public boolean isIdle() {
            return applied + deferred + missed == 0;
        }

        static Round of(List<Outcome> outcomes) {
            int applied = 0;
            int deferred = 0;
            int missed = 0;
            for (Outcome outcome : outcomes) {
                switch (outcome) {
                    case Outcome.Applied done -> applied++;
                    case Outcome.Deferred waiting -> deferred++;
                    case Outcome.Missed failed -> missed++;
                }
            }
            return new Round(applied, deferred, missed);
        }
    }

    /**
     * Applies up to {@link #BATCH} intents of an entity in each lane, the oldest first; after a batch that could not
     * be applied, continues with the next one.
     *
     * @param age intents younger than this are left to the instance that wrote them
     * @throws MirrorOutageException if a database cannot be used
     */
    public Round intents(TableMapping mapping, Duration age) {
        List<Intent> intents = oldest(mapping, age);
        Round round = Round.of(reconcile(mapping, PendingKey.byKey(intents)));
        boolean stuck = round.applied() + round.missed() == 0 && intents.size() == BATCH * lanes;
        cursors.put(mapping.entity(), stuck ? intents.getLast().id() : 0L);
        return round;
    }

    /**
     * Retries the due missed writes of an entity: appends an intent for each and applies it.
     *
     * @throws MirrorOutageException if a database cannot be used
     */
    public Round missedWrites(TableMapping mapping) {
        try {
            Standing standing = reconciler.standing(mapping);
            List<Claim> due = standing.stage().mirrors() ? missedWrites.claimDue(mapping.entity(), BATCH) : List.of();
            if (due.isEmpty()) {
                return IDLE;
            }
            Round round = Round.of(waitingRows.retry(mapping, standing, due));
            // the applied rows may be those that others wait for
            return round.applied() == 0
                            || missedWrites
                                    .waiting(mapping.entity(), Optional.empty(), 1)
                                    .isEmpty()
                    ? round
                    : new Round(
                            round.applied() + waitingRows.bringIn(mapping, () -> false),
                            round.deferred(),
                            round.missed());
        } catch (StandingChangedException | FrozenException e) {
            LOG.debug("{}: its missed writes wait.", mapping.entity(), e);
            return IDLE;
        } catch (DataAccessException | SQLException e) {
            throw new MirrorOutageException(mapping.entity(), Side.LEGACY, e);
        }
    }

    /** Each key is in one lane, so lanes wait for each other only where their mirror rows exclude each other. */
    private List<Outcome> reconcile(TableMapping mapping, List<PendingKey> work) {
        int needed = Math.clamp(work.size() / WORTH_A_LANE, 1, lanes);
        if (needed == 1) {
            return reconciler.reconcile(mapping, work);
        }
        int share = Math.ceilDiv(work.size(), needed);
        try (ExecutorService threads = Executors.newThreadPerTaskExecutor(LANE)) {
            List<Future<List<Outcome>>> running = IntStream.range(0, needed)
                    .mapToObj(lane -> work.subList(lane * share, Math.min(work.size(), (lane + 1) * share)))
                    .map(part -> threads.submit(() -> reconciler.reconcile(mapping, part)))
                    .toList();
            return running.stream().flatMap(lane -> outcomes(lane).stream()).toList();
        }
    }

    private static List<Outcome> outcomes(Future<List<Outcome>> lane) {
        try {
            return lane.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException("A lane of the drain failed.", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CrossfadeException("The drain was interrupted; what is left is worked off later.", e);
        }
    }

    private List<Intent> oldest(TableMapping mapping, Duration age) {
        Side authority = reconciler.authority(mapping);
        try {
            return Intents.oldest(
                    databases.dsl(authority),
                    mapping.entity(),
                    cursors.getOrDefault(mapping.entity(), 0L),
                    BATCH * lanes,
                    age);
        } catch (DataAccessException e) {
            throw new MirrorOutageException(mapping.entity(), authority, e);
        }
    }
}
