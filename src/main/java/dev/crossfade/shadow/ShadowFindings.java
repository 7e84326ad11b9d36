package dev.crossfade.shadow;

import dev.crossfade.control.TroubleLog;
import dev.crossfade.shadow.ShadowLog.Count;
import dev.crossfade.shadow.ShadowLog.Counted;
import dev.crossfade.sql.ServerMessage;
import dev.crossfade.time.Pace;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The findings of the shadow thread that are not stored yet: written in batches, kept while the control database
 * cannot be written, and bounded. Confined to the shadow thread.
 */
final class ShadowFindings {

    static final Duration BATCH = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(ShadowFindings.class);
    private static final int MISMATCHES = 200;
    private static final Duration WARNINGS_APART = Duration.ofMinutes(1);
    private static final Comparator<ShadowMismatch> IN_KEY_ORDER = Comparator.comparing(ShadowMismatch::entity)
            .thenComparing(ShadowMismatch::pairing)
            .thenComparing(ShadowMismatch::read)
            .thenComparing(one -> String.join("\u0000", one.key()));

    private final ShadowLog log;
    private final Sampling sampling;
    private final Function<String, String> proves;
    private final UUID instance = UUID.randomUUID();
    private final Map<Counted, Count> counts = new HashMap<>();
    private final SortedMap<ShadowMismatch, Integer> mismatches = new TreeMap<>(IN_KEY_ORDER);
    private final Pace storing = new Pace(BATCH);
    private final Pace warnings = new Pace(WARNINGS_APART);
    private final TroubleLog failing = new TroubleLog(LOG, "What shadow reads found can be stored again.");

    /**
     * Creates an empty one.
     *
     * @param proves returns the evidence of comparisons of an entity now, as text
     */
    ShadowFindings(ShadowLog log, Sampling sampling, Function<String, String> proves) {
        this.log = log;
        this.proves = proves;
        this.sampling = sampling;
        // The first batch is collected before it is stored.
        storing.done();
    }

    /** Counts a comparison, and keeps its mismatches as long as there is room. */
    void compared(String entity, Pairing pairing, List<ShadowMismatch> found) {
        counts.merge(
                new Counted(entity, pairing),
                new Count(1, found.isEmpty() ? 0 : 1),
                (one, other) -> new Count(one.compared() + other.compared(), one.mismatched() + other.mismatched()));
        for (ShadowMismatch mismatch : found) {
            if (mismatches.size() < MISMATCHES || mismatches.containsKey(mismatch)) {
                mismatches.merge(mismatch, 1, Integer::sum);
            }
        }
    }

    /** Stores the findings once a batch is due. */
    void storeIfDue() {
        if (storing.isDue()) {
            store();
        }
    }

    /** Stores the findings; those that cannot be stored are kept for the next time. */
    void store() {
        storing.done();
        if (counts.isEmpty() && mismatches.isEmpty()) {
            return;
        }
        try {
            log.add(instance, counts, proves);
            counts.clear();
            storeMismatches();
            failing.succeeded();
        } catch (RuntimeException e) {
            failing.failed("What shadow reads found cannot be stored; trying again: %s"
                    .formatted(ServerMessage.sentence(ServerMessage.withoutValues(e))));
        }
    }

    private void storeMismatches() {
        if (mismatches.isEmpty()) {
            return;
        }
        log.store(mismatches);
        if (warnings.isDue()) {
            warnings.done();
            LOG.warn(
                    "Shadow reads of {} differ. See `crossfade shadow`.",
                    mismatches.keySet().stream()
                            .map(ShadowMismatch::entity)
                            .distinct()
                            .toList());
        }
        mismatches.clear();
        log.prune(sampling.retention(), sampling.kept());
    }
}
