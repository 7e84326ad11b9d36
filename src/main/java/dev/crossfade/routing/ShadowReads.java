package dev.crossfade.routing;

import dev.crossfade.model.RecordKey;
import dev.crossfade.queue.PendingKeys;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares a sample of the reads with the modern side on a thread of its own. Bounded: what does not fit is dropped and
 * counted. A pair that differs is read again on both sides before it counts, as a writer may have come in between.
 */
final class ShadowReads implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ShadowReads.class);
    private static final int WAITING = 128;
    private static final int LOOKS = 2;

    private final int perMille;
    private final PendingKeys pending;
    private final RoutingListener listener;
    private final ThreadPoolExecutor executor;

    ShadowReads(int perMille, PendingKeys pending, RoutingListener listener) {
        this.perMille = perMille;
        this.pending = pending;
        this.listener = listener;
        this.executor = new ThreadPoolExecutor(
                1, 1, 1, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING), ShadowReads::thread);
        executor.allowCoreThreadTimeOut(true);
    }

    /** Maybe compares a read; never waits and never throws. */
    <T> void sample(String entity, RecordKey key, Supplier<T> legacy, Supplier<T> modern) {
        if (ThreadLocalRandom.current().nextInt(1000) >= perMille) {
            return;
        }
        try {
            executor.execute(() -> compare(entity, key, legacy, modern));
        } catch (RejectedExecutionException e) {
            listener.shadowDropped(entity);
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }

    private <T> void compare(String entity, RecordKey key, Supplier<T> legacy, Supplier<T> modern) {
        try {
            boolean equal = pending.isPending(entity, key);
            for (int look = 0; look < LOOKS && !equal; look++) {
                equal = Objects.equals(legacy.get(), modern.get());
            }
            listener.shadowCompared(entity, equal);
            if (!equal) {
                LOG.warn("A shadow read of {} differs between the sides. Run `crossfade verify {}`.", entity, entity);
            }
        } catch (RuntimeException e) {
            LOG.debug("A shadow read of {} failed; it does not count.", entity, e);
        }
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "crossfade-shadow");
        thread.setDaemon(true);
        return thread;
    }
}
