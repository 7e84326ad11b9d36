package dev.crossfade.control;

import dev.crossfade.model.CrossfadeException;
import dev.crossfade.model.Side;
import dev.crossfade.model.UnavailableException;
import dev.crossfade.sql.AutoCommitDataSource;
import dev.crossfade.sql.ServerMessage;
import dev.crossfade.sql.SqlState;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Crossfade's own schema in the modern database of a service, which may be down when the service starts: then the
 * schema is created or upgraded once that database answers. Until then Crossfade's requests for a connection to it
 * fail at once, as in an outage. So nobody reads, fences or mirrors there with a schema of another version, and a
 * host that drops packets costs a start one wait at most. Thread-safe.
 */
public final class ModernSchema {

    private static final Logger LOG = LoggerFactory.getLogger(ModernSchema.class);
    private final Databases databases;
    private final Databases guarded;
    private final Map<Side, String> names;
    private final boolean first;
    private final CountDownLatch tried = new CountDownLatch(1);
    private volatile boolean ready;
    private volatile int attempts;
    private volatile @Nullable CrossfadeException trouble;

    private ModernSchema(Databases databases, Map<Side, String> names, boolean first, boolean ready) {
        this.databases = databases;
        this.names = names;
        this.first = first;
        this.ready = ready;
        this.guarded = ready
                ? databases
                : new Databases(
                        databases.legacy(), new AutoCommitDataSource(databases.modern(), this::requireConnectable));
    }

    /** Returns an instance for databases whose schemas somebody else has upgraded. */
    public static ModernSchema upToDate(Databases databases) {
        return new ModernSchema(databases, Map.of(), false, true);
    }

    /**
     * Creates or upgrades the control schema. Asks the modern database only if there is no control schema yet: it
     * knows whether one was lost. Otherwise its part is left to {@link #prepare()}.
     *
     * @param names the names of the sides' data sources in messages; a side may be absent
     * @throws UnavailableException if the legacy database cannot be used; or if there is no control schema, and
     *         either it was lost or the modern database cannot be used
     */
    public static ModernSchema install(Databases databases, Map<Side, String> names) {
        boolean first = ControlSchema.installInControl(databases, names);
        return new ModernSchema(databases, names, first, first || databases.areShared());
    }

    /** Tells whether there was no control schema before: then no entity can have been moved yet. */
    public boolean isFirst() {
        return first;
    }

    /** Returns the databases for everybody else: the modern one refuses connections until its schema is up to date. */
    public Databases databases() {
        return guarded;
    }

    /**
     * Tries to upgrade the modern part unless it is up to date. If another thread is trying, waits for its outcome.
     *
     * @return whether this call has upgraded it
     */
    public boolean prepare() {
        int before = attempts;
        return !ready && prepare(before);
    }

    private synchronized boolean prepare(int before) {
        if (ready || attempts != before) {
            return false;
        }
        CrossfadeException last = trouble;
        try {
            ControlSchema.installInModern(databases, names);
            ready = true;
            trouble = null;
            if (last != null) {
                LOG.info(
                        "The modern database answers: its schema crossfade is up to date, and the mirror is caught up.");
            }
        } catch (CrossfadeException e) {
            failed(e);
        } catch (RuntimeException e) {
            failed(new UnavailableException(
                    "The modern database cannot be used. It said: " + ServerMessage.sentence(ServerMessage.ofDriver(e)),
                    e));
        } finally {
            attempts++;
            tried.countDown();
        }
        return ready;
    }

    private void failed(CrossfadeException e) {
        boolean again = trouble != null;
        trouble = e;
        if (!again) {
            LOG.warn(
                    "{} This instance goes on without it where the legacy side decides: what is written there is mirrored once the modern database can be used.",
                    e.getMessage());
        }
    }

    /** Waits until the upgrade was tried once, or the time is up. */
    public void awaitFirstTry(Duration atMost) {
        try {
            if (!ready && !tried.await(atMost.toNanos(), TimeUnit.NANOSECONDS)) {
                LOG.warn(
                        "The modern database has not answered for {} ms; this instance starts without it where the legacy side decides.",
                        atMost.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Tries to upgrade the modern part, for a caller that cannot work without the modern database.
     *
     * @param why what it is needed for, as a sentence
     * @throws UnavailableException if it cannot be used
     */
    public void require(String why) {
        prepare();
        CrossfadeException last = trouble;
        if (!ready) {
            throw new UnavailableException(why + (last == null ? "" : " " + last.getMessage()), last);
        }
    }

    /** Returns why the modern part has not been upgraded since the start, empty if it has. */
    public Optional<String> trouble() {
        CrossfadeException last = trouble;
        return ready
                ? Optional.empty()
                : Optional.of(
                        last == null ? "The modern database has not answered yet." : String.valueOf(last.getMessage()));
    }

    private void requireConnectable() throws SQLException {
        if (!ready) {
            throw new SQLTransientConnectionException(
                    "The modern database is left alone until its schema crossfade is up to date. "
                            + trouble().orElse(""),
                    SqlState.UNABLE_TO_CONNECT,
                    trouble);
        }
    }
}
