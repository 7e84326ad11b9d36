package dev.crossfade.verify;

import dev.crossfade.control.Databases;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import dev.crossfade.model.UnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Compares both sides of a frozen entity. Nothing is applied meanwhile, so keys that were written since wait as
 * intents; they are counted, not waited for. Intents that a promoted or restored server had at that moment are
 * ignored: the server that it replaced may have applied them. Nothing is recorded, and gates do not accept the result.
 */
public final class Survey {

    private static final int CHUNK = 20_000;
    private static final int BATCH = 500;
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final SideReader sides;
    private final TableMapping mapping;
    private final VerificationListener listener;
    private final CarefulComparison comparison;
    private final ComparableRows rows;
    private final Databases databases;
    private final WideRows sizes;

    /** Creates a survey of one entity. */
    public Survey(Databases databases, TableMapping mapping, VerificationListener listener) {
        this.databases = databases;
        this.sides = new SideReader(databases);
        this.mapping = mapping;
        this.listener = listener;
        this.comparison = new CarefulComparison(databases, mapping, CHUNK);
        this.rows = new ComparableRows(mapping);
        this.sizes = new WideRows(databases, mapping);
    }

    /**
     * A record that differs and has no intent.
     *
     * @param authoritative the {@link ComparableRows#digest} of the authoritative row
     */
    public record Listed(Difference difference, long authoritative) {}

    /**
     * The result of a survey.
     *
     * @param legacyRows how many rows the legacy side has
     * @param listed the records that differ and have no intent on the authoritative side
     * @param written how many keys differ and have one: they were written since, and wait to be mirrored
     * @param restless how many keys were written too often to come to rest
     */
    public record Seen(long legacyRows, List<Listed> listed, long written, long restless) {}

    /**
     * Compares all rows.
     *
     * @param authority the authoritative side
     * @throws UnavailableException if a side cannot be read as a whole
     */
    public Seen compare(Side authority) {
        long total = rows(Side.LEGACY);
        Recheck recheck = Recheck.afterFailover(databases, mapping, authority, PATIENCE);
        SequencedMap<RecordKey, Listed> listed = new LinkedHashMap<>();
        long seen = 0;
        long written = 0;
        long restless = 0;
        @Nullable RecordKey after = null;
        do {
            CarefulComparison.ComparedRange step = comparison.next(after);
            Comparison.Seen compared = step.seen();
            List<RecordKey> suspects = compared.suspects();
            for (int from = 0; from < suspects.size(); from += BATCH) {
                Set<RecordKey> batch = new HashSet<>(suspects.subList(from, Math.min(suspects.size(), from + BATCH)));
                Set<RecordKey> pending = recheck.pending(List.copyOf(batch));
                batch.removeAll(pending);
                Recheck.Settled settled = recheck.settle(batch);
                list(authority, settled.differences())
                        .forEach(one -> listed.put(one.difference().key(), one));
                written += pending.size();
                restless += settled.restless();
            }
            seen += compared.legacyRows();
            listener.progressed(seen, Math.max(total, seen));
            after = step.range().upTo();
        } while (after != null);
        return new Seen(seen, List.copyOf(listed.values()), written, restless);
    }

    private List<Listed> list(Side authority, List<Difference> differences) {
        List<Listed> listed = new ArrayList<>();
        for (List<Difference> batch : sizes.batches(differences, BATCH, Difference::key)) {
            List<RecordKey> keys = batch.stream().map(Difference::key).toList();
            Map<RecordKey, List<@Nullable String>> present =
                    sides.read(authority, connection -> rows.read(connection, authority, keys));
            batch.forEach(one -> listed.add(new Listed(one, ComparableRows.digest(present.get(one.key())))));
        }
        return listed;
    }

    /** Counts a side's rows; for a large table, returns the server's estimate. */
    public long rows(Side side) {
        return sides.count(mapping.relation(side), side);
    }
}
