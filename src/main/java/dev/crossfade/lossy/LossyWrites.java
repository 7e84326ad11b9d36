package dev.crossfade.lossy;

import dev.crossfade.control.TroubleLog;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.sql.Redaction;
import dev.crossfade.sql.ServerMessage;
import dev.crossfade.statement.Alteration;
import dev.crossfade.time.Pace;
import dev.crossfade.time.Poller;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Takes lossy saves from the callers' threads, which never wait and never fail for it, and stores them in batches on
 * its own thread. Bounded: of saves that cannot be stored in time, keys beyond the limit are counted but not listed.
 */
public final class LossyWrites implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LossyWrites.class);
    private static final Duration BATCH = Duration.ofSeconds(1);
    private static final Duration WARNINGS_APART = Duration.ofMinutes(1);
    private static final Duration CLOSING = Duration.ofSeconds(2);
    private static final int KEYS = 200;
    private static final Comparator<Place> IN_KEY_ORDER =
            Comparator.comparing(Place::entity).thenComparing(one -> String.join("\u0000", one.key()));

    private final LossyWriteLog log;
    private final Duration retention;
    private final int kept;
    private final LossyWriteListener listener;
    private final Redaction redaction = new Redaction();
    private final SortedMap<Place, Seen> waiting = new TreeMap<>(IN_KEY_ORDER);
    private final Poller poller = new Poller("crossfade-lossy-writes", this::round, this::store);
    private final Pace warnings = new Pace(WARNINGS_APART);
    private final TroubleLog failing = new TroubleLog(LOG, "What saves have lost can be stored again.");
    private final TroubleLog defect = new TroubleLog(LOG, "What saves have lost is noted again.");

    /**
     * Creates it; its thread starts with the first save that lost something.
     *
     * @param retention how long they are kept for the operator
     * @param kept how many of each entity are kept
     */
    public LossyWrites(LossyWriteLog log, Duration retention, int kept, LossyWriteListener listener) {
        this.log = log;
        this.retention = retention;
        this.kept = kept;
        this.listener = listener;
    }

    /** A write, and how often it was seen since it was stored last. */
    record Seen(LossyWrite write, int times) {

        Seen and(Seen later) {
            LossyWrite last = later.write;
            boolean changed = write.changed() || last.changed();
            return new Seen(
                    new LossyWrite(last.entity(), last.key(), last.mapping(), changed, last.columns()),
                    times + later.times);
        }
    }

    private record Place(String entity, List<String> key) {}

    /** Takes the lossy saves of an entity, once they are committed; never waits and never throws. */
    public void take(TableMapping mapping, List<AlteredRecord> altered) {
        try {
            for (AlteredRecord one : altered) {
                listener.lossyWrite(
                        mapping.entity(), one.isChanged() ? LossyWriteOutcome.CHANGED : LossyWriteOutcome.RESPELLED);
                keep(described(mapping, one));
            }
            if (!altered.isEmpty()) {
                poller.start();
            }
            defect.succeeded();
        } catch (RuntimeException | Error e) {
            defect.failed(Level.WARN, "What saves of %s have lost could not be noted.".formatted(mapping.entity()), e);
        }
    }

    private LossyWrite described(TableMapping mapping, AlteredRecord one) {
        List<LossyWrite.Value> values = new ArrayList<>();
        for (Alteration alteration : one.alterations()) {
            values.add(new LossyWrite.Value(
                    alteration.column(), redaction.of(alteration.given()), redaction.of(alteration.stored())));
        }
        return new LossyWrite(mapping.entity(), one.key().values(), mapping.fingerprint(), one.isChanged(), values);
    }

    private void keep(LossyWrite write) {
        Place place = new Place(write.entity(), write.key());
        synchronized (waiting) {
            if (waiting.size() < KEYS || waiting.containsKey(place)) {
                waiting.merge(place, new Seen(write, 1), Seen::and);
            }
        }
    }

    /** Ends the thread, which stores what it has. */
    @Override
    public void close() {
        poller.close();
        poller.awaitEnd(CLOSING);
    }

    private Duration round() {
        try {
            poller.pause(BATCH);
            store();
        } catch (InterruptedException e) {
            LOG.debug("The storing of lossy writes was interrupted; going on unless it is closed.", e);
        } catch (RuntimeException | Error e) {
            defect.failed(Level.WARN, "The storing of lossy writes failed; going on with the next ones.", e);
        }
        return Duration.ZERO;
    }

    private void store() {
        SortedMap<Place, Seen> batch = new TreeMap<>(IN_KEY_ORDER);
        synchronized (waiting) {
            batch.putAll(waiting);
            waiting.clear();
        }
        if (batch.isEmpty()) {
            return;
        }
        warn(batch.values().stream()
                .map(Seen::write)
                .filter(LossyWrite::changed)
                .map(LossyWrite::entity)
                .toList());
        try {
            log.store(batch.values());
            log.prune(retention, kept);
            failing.succeeded();
        } catch (RuntimeException e) {
            keepAgain(batch);
            failing.failed("What saves have lost cannot be stored; trying again: %s"
                    .formatted(ServerMessage.sentence(ServerMessage.withoutValues(e))));
        }
    }

    private void warn(List<String> entities) {
        if (!entities.isEmpty() && warnings.isDue()) {
            warnings.done();
            LOG.warn(
                    "Saves of {} were not stored as they were given: the legacy side changes them. See `crossfade lossy`.",
                    new TreeSet<>(entities));
        }
    }

    private void keepAgain(Map<Place, Seen> batch) {
        synchronized (waiting) {
            batch.forEach((place, seen) -> {
                if (waiting.size() < KEYS || waiting.containsKey(place)) {
                    waiting.merge(place, seen, (later, earlier) -> earlier.and(later));
                }
            });
        }
    }
}
