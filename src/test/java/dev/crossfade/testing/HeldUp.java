package dev.crossfade.testing;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/**
 * Pauses one process before a statement, as an operating system may at any moment, until the test resumes it. The
 * process is whoever uses the watched data sources; it is paused once.
 */
public final class HeldUp implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 60;

    private final InterceptedDataSource[] watched;
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    private HeldUp(Predicate<String> statement, InterceptedDataSource... watched) {
        this.watched = watched.clone();
        for (InterceptedDataSource database : watched) {
            database.intercept(sql -> {
                if (statement.test(sql)) {
                    hold();
                }
            });
        }
    }

    /** Pauses whoever is about to prepare a matching statement on one of the given databases. */
    public static HeldUp before(Predicate<String> statement, InterceptedDataSource... watched) {
        return new HeldUp(statement, watched);
    }

    /** Pauses whoever is about to commit on a database. */
    public static HeldUp beforeCommit(InterceptedDataSource watched) {
        HeldUp held = new HeldUp(sql -> false, watched);
        watched.interceptCommit(held::hold);
        return held;
    }

    private void hold() {
        for (InterceptedDataSource database : watched) {
            database.letGo();
        }
        reached.countDown();
        await(released);
    }

    /** Returns once the process is paused. */
    public HeldUp awaitReached() {
        await(reached);
        return this;
    }

    /** Tells whether the process is or was paused. */
    public boolean isReached() {
        return reached.getCount() == 0;
    }

    /** Resumes the process. */
    public void goOn() {
        released.countDown();
    }

    @Override
    public void close() {
        goOn();
    }

    /** Waits until somebody waits for an advisory lock in a database, or another condition holds. */
    public static void awaitLockOr(TestDatabase database, BooleanSupplier other) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(PATIENCE_SECONDS))
                .pollInterval(Duration.ofMillis(5))
                .until(() ->
                        other.getAsBoolean() || !database.dsl().fetchValue("""
                                select count(*) from pg_locks
                                where locktype = 'advisory' and not granted
                                    and database = (select oid from pg_database where datname = current_database())
                                """).equals(0L));
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("It was waited for in vain for " + PATIENCE_SECONDS + " s.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
