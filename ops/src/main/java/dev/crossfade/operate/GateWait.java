package dev.crossfade.operate;

import dev.crossfade.connection.ServerMessage;
import dev.crossfade.connection.Trouble;
import dev.crossfade.flags.Gate.Closed;
import dev.crossfade.flags.GatesClosedException;
import dev.crossfade.flags.StageChanger;
import dev.crossfade.flags.StageChanger.Change;
import dev.crossfade.flags.StageChanger.Request;
import dev.crossfade.model.CrossfadeException;
import dev.crossfade.model.RefusedException;
import dev.crossfade.model.UnavailableException;
import dev.crossfade.operate.report.Wording;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jooq.exception.DataAccessException;

/**
 * Moves entities as soon as their gates are open. Between two attempts it asks only the gates that were closed, once a
 * second, because the others may do more than read. A gate that only a change opens is a refusal at once, even if it
 * closes later. Not thread-safe, except {@link #stop}.
 */
public final class GateWait {

    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    private final StageChanger changer;
    private final Duration limit;
    private final Listener listener;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final long begun = System.nanoTime();

    /** Hears about the progress of a wait. */
    public interface Listener {

        /**
         * The gates were asked.
         *
         * @param closed those that are closed, by entity and name; none when all are open
         */
        void closed(Map<String, Map<String, Closed>> closed);

        /** The database does not answer at the moment; the wait goes on. */
        void outage(String said);

        /** The wait is over, however it ended. */
        void ended();
    }

    /**
     * Creates a wait, which begins now.
     *
     * @param limit the longest time to wait
     */
    public GateWait(OperatorSession session, Duration limit, Listener listener) {
        this.changer = session.stageChanger();
        this.limit = limit;
        this.listener = listener;
    }

    /** Ends the wait; callable from any thread. A step in progress is finished. */
    public void stop() {
        stopped.countDown();
    }

    /** Returns how long the wait has lasted. */
    public Duration waited() {
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    /**
     * Moves entities.
     *
     * @param toEnd asked before each step whether to stop
     * @throws RefusedException if a gate is closed that does not open by waiting, the step is refused for another
     *     reason, the limit is reached, or the wait was stopped; nothing was changed
     */
    public List<Change> change(Request request, BooleanSupplier toEnd) {
        try {
            while (true) {
                if (toEnd.getAsBoolean()) {
                    throw interrupted();
                }
                try {
                    return changer.change(request);
                } catch (GatesClosedException e) {
                    if (!e.mayOpen()) {
                        throw e;
                    }
                    await(e);
                } catch (DataAccessException | UnavailableException e) {
                    pause(e);
                }
            }
        } finally {
            listener.ended();
        }
    }

    /**
     * Returns when the gates are open, or when one is closed that does not open by itself: the next attempt then
     * reports it.
     */
    private void await(GatesClosedException refused) {
        Map<String, Map<String, Closed>> closed = refused.closed();
        while (!closed.isEmpty() && GatesClosedException.mayOpen(closed)) {
            listener.closed(closed);
            rest(refused);
            try {
                closed = changer.stillClosed(refused);
            } catch (DataAccessException e) {
                requireToPass(e);
                listener.outage(ServerMessage.of(e));
            }
        }
        listener.closed(closed);
    }

    /** Waits for a database that is down, as for a gate. */
    private void pause(RuntimeException failure) {
        requireToPass(failure);
        listener.outage(ServerMessage.of(failure));
        rest(new RefusedException("The database cannot be used: %s."
                .formatted(ServerMessage.of(failure).replaceFirst("[.]$", ""))));
    }

    private static void requireToPass(RuntimeException failure) {
        if (!Trouble.mayPass(failure)) {
            throw failure;
        }
    }

    private void rest(RefusedException reason) {
        Duration left = limit.minus(waited());
        if (left.isNegative() || left.isZero()) {
            throw new RefusedException("Waited for %s in vain; nothing was changed.%n%s"
                    .formatted(Wording.duration(limit), reason.getMessage()));
        }
        try {
            long nanos = Math.min(
                    BETWEEN_LOOKS.toNanos(), left.compareTo(BETWEEN_LOOKS) < 0 ? left.toNanos() : Long.MAX_VALUE);
            if (stopped.await(nanos, TimeUnit.NANOSECONDS)) {
                throw interrupted();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CrossfadeException("The wait was interrupted; nothing was changed.", e);
        }
    }

    private static RefusedException interrupted() {
        return new RefusedException(
                "The wait was interrupted; nothing was changed. Give the same command again to go on waiting.");
    }
}
