package dev.crossfade.sample.demo;

import dev.crossfade.control.Databases;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.CrossfadeException;
import dev.crossfade.reconcile.Drain;
import dev.crossfade.reconcile.ReconcileListener;
import dev.crossfade.reconcile.Reconciler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What {@code crossfade worker} does beside a service: tries missed writes again, and takes intents that the service's own
 * process has left lying.
 */
final class BacklogWorker implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(BacklogWorker.class);
    private static final Duration ROUND = Duration.ofMillis(500);
    private static final Duration LEFT_LYING = Duration.ofSeconds(10);

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            work -> Thread.ofPlatform().name("worker").daemon().unstarted(work));
    private final List<TableMapping> mappings;
    private final Drain drain;

    BacklogWorker(Databases databases, List<TableMapping> mappings, ReconcileListener listener) {
        this.mappings = mappings;
        this.drain = new Drain(databases, new Reconciler(databases, listener));
    }

    void start() {
        thread.scheduleWithFixedDelay(this::round, 0, ROUND.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        thread.shutdown();
    }

    private void round() {
        for (TableMapping mapping : mappings) {
            try {
                drain.missedWrites(mapping);
                drain.intents(mapping, LEFT_LYING);
            } catch (RuntimeException e) {
                LOG.warn("The next round tries again.", e);
            }
        }
    }
}
