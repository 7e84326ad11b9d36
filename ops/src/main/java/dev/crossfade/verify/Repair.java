package dev.crossfade.verify;

import dev.crossfade.control.Databases;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.CrossfadeException;
import dev.crossfade.model.RecordKey;
import dev.crossfade.queue.Intent;
import dev.crossfade.queue.Intents;
import dev.crossfade.queue.PendingKeys.Work;
import dev.crossfade.reconcile.Outcome;
import dev.crossfade.reconcile.ReconcileListener;
import dev.crossfade.reconcile.Reconciler;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Brings the mirror of keys up to date through the applier: an intent each, on the authoritative side, so that whatever
 * happens in between, the worker finishes it.
 */
final class Repair {

    private static final int BATCH = 500;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Databases databases;
    private final TableMapping mapping;
    private final Reconciler reconciler;

    Repair(Databases databases, TableMapping mapping) {
        this.databases = databases;
        this.mapping = mapping;
        this.reconciler = new Reconciler(databases, ReconcileListener.NONE);
    }

    /** Looks at keys as of the present authoritative side. */
    Recheck recheck(Duration patience) {
        return new Recheck(databases, mapping, reconciler.authority(mapping), patience);
    }

    void apply(Collection<RecordKey> keys) {
        List<RecordKey> all = List.copyOf(keys);
        for (int from = 0; from < all.size(); from += BATCH) {
            List<RecordKey> batch = all.subList(from, Math.min(all.size(), from + BATCH));
            List<Work> work =
                    Intents.append(databases.dsl(reconciler.authority(mapping)), mapping.entity(), batch).stream()
                            .map(Repair::work)
                            .toList();
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (!work.isEmpty() && System.nanoTime() < deadline) {
                work = deferred(work, reconciler.reconcile(mapping, work));
                pause(work.isEmpty() ? 0 : 20);
            }
        }
    }

    private static List<Work> deferred(List<Work> work, List<Outcome> outcomes) {
        Set<RecordKey> waiting = new HashSet<>(outcomes.stream()
                .filter(Outcome.Deferred.class::isInstance)
                .map(Outcome::key)
                .toList());
        return work.stream().filter(one -> waiting.contains(one.key())).toList();
    }

    private static Work work(Intent intent) {
        return new Work(intent.key(), List.of(intent));
    }

    private static void pause(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CrossfadeException("The repair was interrupted.", e);
        }
    }
}
