package dev.crossfade.queue;

import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The keys that this instance wrote and whose mirror is not yet up to date. Reads of them are answered by the
 * authoritative side, and the instance's applier takes its work from here. Thread-safe; bounded: past
 * {@code capacity} waiting keys of an entity, all its keys count as pending until the table of intents has been
 * drained.
 */
public final class PendingKeys {

    /** A key that is written all through a long outage must not grow without bound either. */
    private static final int INTENTS_OF_A_KEY = 1_000;

    private final int capacity;
    private final Runnable wakeUp;
    private final Map<String, Entity> entities = new ConcurrentHashMap<>();
    private final AtomicInteger total = new AtomicInteger();

    /**
     * Creates an empty set.
     *
     * @param capacity how many waiting keys an entity may have before all its keys count as pending
     * @param wakeUp run after keys were added
     */
    public PendingKeys(int capacity, Runnable wakeUp) {
        this.capacity = capacity;
        this.wakeUp = wakeUp;
    }

    /** What an applier took to bring up to date: one key with every intent that this instance noted for it. */
    public record PendingKey(RecordKey key, List<Intent> intents) {

        /** Returns the work of some intents, a key at a time, in the order in which the keys were noted first. */
        public static List<PendingKey> byKey(Collection<Intent> intents) {
            Map<RecordKey, List<Intent>> byKey = new LinkedHashMap<>();
            intents.forEach(intent -> byKey.computeIfAbsent(intent.key(), key -> new ArrayList<>())
                    .add(intent));
            List<PendingKey> work = new ArrayList<>();
            byKey.forEach((key, ofKey) -> work.add(new PendingKey(key, ofKey)));
            return work;
        }
    }

    /** A transaction that the service manages itself; its intents count once it has committed. */
    public record Unconfirmed(Side authority, String transactionId, List<Intent> intents) {}

    private static final class Entity {
        final Map<RecordKey, List<Intent>> waiting = new LinkedHashMap<>();
        final Map<RecordKey, List<Intent>> inFlight = new HashMap<>();
        final Set<RecordKey> missed = new HashSet<>();
        final List<Unconfirmed> unconfirmed = new ArrayList<>();
        /** If positive, intents up to this number were noted but are not kept in memory. */
        long overflow;

        int size() {
            return waiting.size() + inFlight.size() + missed.size() + unconfirmed.size() + (overflow > 0 ? 1 : 0);
        }

        boolean contains(RecordKey key) {
            return overflow > 0
                    || waiting.containsKey(key)
                    || inFlight.containsKey(key)
                    || missed.contains(key)
                    || unconfirmed.stream()
                            .anyMatch(one -> one.intents().stream()
                                    .anyMatch(intent -> intent.key().equals(key)));
        }
    }

    /** Adds the intents of a committed write. */
    public void noted(String entity, Collection<Intent> intents) {
        change(entity, state -> wait(state, intents));
        wakeUp.run();
    }

    /** Adds the intents of a transaction whose outcome is not reported to this instance. */
    public void notedBy(String entity, Unconfirmed transaction) {
        change(entity, state -> state.unconfirmed.add(transaction));
        wakeUp.run();
    }

    /**
     * Tells whether the mirror of a key, in the server's spelling, may be behind a write of this instance. Takes no
     * lock when nothing is pending.
     */
    public boolean isPending(String entity, RecordKey key) {
        if (total.get() == 0) {
            return false;
        }
        Entity state = entities.get(entity);
        if (state == null) {
            return false;
        }
        synchronized (state) {
            return state.contains(key);
        }
    }

    /** Tells whether the mirror of any key of the entity may be behind a write of this instance. */
    public boolean isAnyPending(String entity) {
        return size(entity) > 0;
    }

    /** Returns how many keys of the entity are pending. */
    public int size(String entity) {
        if (total.get() == 0) {
            return 0;
        }
        Entity state = entities.get(entity);
        if (state == null) {
            return 0;
        }
        synchronized (state) {
            return state.size();
        }
    }

    /** Waits until a key is not pending, or the time is up; tells whether it is not. */
    public boolean await(String entity, RecordKey key, Duration atMost) throws InterruptedException {
        return await(entity, state -> state.contains(key), atMost);
    }

    /** Waits until no key of an entity is pending, or the time is up; tells whether none is. */
    public boolean awaitAll(String entity, Duration atMost) throws InterruptedException {
        return await(entity, state -> state.size() > 0, atMost);
    }

    private boolean await(String entity, Predicate<Entity> pending, Duration atMost) throws InterruptedException {
        Entity state = entities.get(entity);
        if (state == null) {
            return true;
        }
        long deadline = System.nanoTime() + atMost.toNanos();
        synchronized (state) {
            for (long left = atMost.toNanos(); pending.test(state); left = deadline - System.nanoTime()) {
                if (left <= 0) {
                    return false;
                }
                TimeUnit.NANOSECONDS.timedWait(state, left);
            }
            return true;
        }
    }

    /** Tells whether nothing at all is pending. */
    public boolean isEmpty() {
        return total.get() == 0;
    }

    /** Takes up to {@code limit} waiting keys of an entity; give each back through one of the methods below. */
    public List<PendingKey> take(String entity, int limit) {
        List<PendingKey> taken = new ArrayList<>();
        change(entity, state -> {
            var keys = state.waiting.entrySet().iterator();
            while (keys.hasNext() && taken.size() < limit) {
                Map.Entry<RecordKey, List<Intent>> next = keys.next();
                // A key in flight is skipped: its newer intents may have been noted after the applier read the row.
                if (!state.inFlight.containsKey(next.getKey())) {
                    taken.add(new PendingKey(next.getKey(), next.getValue()));
                    keys.remove();
                }
            }
            taken.forEach(work -> state.inFlight.put(work.key(), work.intents()));
        });
        return taken;
    }

    /** Gives back a key whose mirror is up to date with the intents that were taken. */
    public void applied(String entity, RecordKey key) {
        change(entity, state -> state.inFlight.remove(key));
    }

    /** Gives back a key to be retried. */
    public void deferred(String entity, RecordKey key) {
        change(entity, state -> {
            List<Intent> intents = state.inFlight.remove(key);
            if (intents != null) {
                wait(state, intents);
            }
        });
    }

    /** Gives back a key that was recorded as missed; it stays pending until {@link #recovered}. */
    public void missed(String entity, RecordKey key) {
        change(entity, state -> {
            state.inFlight.remove(key);
            state.missed.add(key);
        });
    }

    /** Returns the keys that this instance knows as missed. */
    public Set<RecordKey> missedKeys(String entity) {
        Set<RecordKey> keys = new HashSet<>();
        change(entity, state -> keys.addAll(state.missed));
        return keys;
    }

    /** Forgets a missed key whose mirror is up to date again. */
    public void recovered(String entity, RecordKey key) {
        change(entity, state -> state.missed.remove(key));
    }

    /** Takes the transactions whose outcome is unknown; give each back through {@link #noted}, {@link #notedBy}. */
    public List<Unconfirmed> unconfirmed(String entity) {
        List<Unconfirmed> copy = new ArrayList<>();
        change(entity, state -> copy.addAll(state.unconfirmed));
        return copy;
    }

    /** Reports a transaction's outcome: its intents count if it committed, and are forgotten otherwise. */
    public void confirmed(String entity, Unconfirmed transaction, boolean committed) {
        change(entity, state -> {
            if (state.unconfirmed.remove(transaction) && committed) {
                wait(state, transaction.intents());
            }
        });
    }

    /**
     * Returns an upper bound of the numbers of intents that are noted but not kept, 0 if there are none. It grows
     * with each one.
     */
    public long overflow(String entity) {
        long[] overflow = {0};
        change(entity, state -> overflow[0] = state.overflow);
        return overflow[0];
    }

    /** Ends an overflow once every intent up to {@code number} was applied, unless more were noted since. */
    public void overflowDrained(String entity, long number) {
        change(entity, state -> state.overflow = state.overflow == number ? 0 : state.overflow);
    }

    private void wait(Entity state, Collection<Intent> intents) {
        for (Intent intent : intents) {
            List<Intent> known = state.waiting.get(intent.key());
            boolean full = known == null ? state.waiting.size() >= capacity : known.size() >= INTENTS_OF_A_KEY;
            if (state.overflow > 0 || full) {
                // Numbers commit out of order; this grows with each intent, so that a drain notices those that came
                // since.
                state.overflow = Math.max(state.overflow + 1, intent.id());
            } else {
                state.waiting
                        .computeIfAbsent(intent.key(), key -> new ArrayList<>(2))
                        .add(intent);
            }
        }
    }

    private void change(String entity, Consumer<Entity> change) {
        Entity state = entities.computeIfAbsent(entity, name -> new Entity());
        synchronized (state) {
            int before = state.size();
            change.accept(state);
            total.addAndGet(state.size() - before);
            state.notifyAll();
        }
    }
}
