package dev.crossfade.worker;

import dev.crossfade.control.TroubleLog;
import dev.crossfade.model.RecordKey;
import dev.crossfade.verify.Difference;
import dev.crossfade.verify.SweepCycle;
import dev.crossfade.verify.SweepListener;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Logs what sweeps find. A pass may find something in each of thousands of ranges: it logs the first range, counts the
 * others, and logs the sum at the end of the pass. Thread-safe.
 */
final class SweepLogging implements SweepListener {

    private static final Logger LOG = LoggerFactory.getLogger(SweepLogging.class);

    private final Map<String, Troubles> troubles = new ConcurrentHashMap<>();

    /** The failures that may happen with the rows of one entity. */
    private record Troubles(TroubleLog differences, TroubleLog heldBack, TroubleLog unreadable) {

        static Troubles of(String entity) {
            return new Troubles(
                    trouble(entity, "%s: a pass of the sweep has found no difference."),
                    trouble(entity, "%s: a pass of the sweep has left no difference."),
                    trouble(entity, "%s: a pass of the sweep could compare every row."));
        }

        private static TroubleLog trouble(String entity, String over) {
            return new TroubleLog(LOG, over.formatted(entity)).about("entity", entity);
        }
    }

    @Override
    public void found(String entity, List<Difference> differences, int repaired) {
        Map<String, Long> kinds = differences.stream()
                .collect(Collectors.groupingBy(Difference::kind, TreeMap::new, Collectors.counting()));
        of(entity)
                .differences()
                .failed(
                        "%s: the sweep found %s differences that nothing explains (%s) and repaired %s. Someone writes past the service, or the live path has a hole: see the runbook."
                                .formatted(
                                        entity,
                                        differences.size(),
                                        kinds.entrySet().stream()
                                                .map(kind -> kind.getValue() + " " + kind.getKey())
                                                .collect(Collectors.joining(", ")),
                                        repaired));
    }

    @Override
    public void heldBack(String entity, long rows, long allowed, List<RecordKey> keys) {
        of(entity)
                .heldBack()
                .failed(
                        Level.ERROR,
                        "%s: the sweep would delete or overwrite %s rows of the mirror and may %s more of them today, so it leaves them. Somebody must look: `crossfade verify %s --dry-run`, then `crossfade verify %s --repair --allow-rows N`."
                                .formatted(entity, rows, allowed, entity, entity),
                        null);
        LOG.debug("{}: the first of them: {}", entity, keys);
    }

    @Override
    public void unreadable(String entity, String reason) {
        of(entity)
                .unreadable()
                .failed(
                        "%s: the sweep left out a row that cannot be compared: %s. Its write is missed: see `crossfade queue list %s`."
                                .formatted(entity, reason, entity));
    }

    @Override
    public void finished(String entity, SweepCycle cycle) {
        LOG.atLevel(cycle.found() > 0 ? Level.WARN : Level.INFO)
                .addKeyValue("entity", entity)
                .addKeyValue("rows", cycle.rowsCompared())
                .addKeyValue("found", cycle.found())
                .addKeyValue("foundPerMillion", cycle.foundPerMillion())
                .log(
                        "{}: all {} rows are swept, {} differences found, {} repaired.",
                        entity,
                        cycle.rowsCompared(),
                        cycle.found(),
                        cycle.repaired());
        if (cycle.found() == 0) {
            of(entity).differences().succeeded();
        }
        if (cycle.heldBack() == 0) {
            of(entity).heldBack().succeeded();
        }
    }

    private Troubles of(String entity) {
        return troubles.computeIfAbsent(entity, Troubles::of);
    }
}
