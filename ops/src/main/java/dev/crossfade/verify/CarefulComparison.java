package dev.crossfade.verify;

import dev.crossfade.control.Databases;
import dev.crossfade.mapping.KeyRange;
import dev.crossfade.mapping.Relation;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import dev.crossfade.model.UnavailableException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jooq.Field;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;

/**
 * Compares the keys of both sides range by range. A row that cannot be read or projected concerns its key alone: the
 * range shrinks to that row, and its keys become suspects. Not thread-safe.
 */
final class CarefulComparison {

    /** How many rows the first range has at most: nobody knows yet how long a row takes. */
    private static final int FIRST = 2_000;

    /** A range that takes longer keeps a snapshot open, and so holds back vacuum, for too long. */
    private static final Duration SLOW = Duration.ofSeconds(2);

    private static final Duration QUICK = Duration.ofMillis(500);

    /** The factor by which a range shrinks while a row in it cannot be compared, and grows again afterwards. */
    private static final int CUT = 8;

    private final Ranges ranges;
    private final TableMapping mapping;
    private final Comparison comparison;
    private final SideReader sides;
    private final int largest;
    private int size;

    /**
     * Creates a comparison.
     *
     * @param largest how many legacy rows a range has at most
     */
    CarefulComparison(Databases databases, TableMapping mapping, int largest) {
        this.ranges = new Ranges(databases, mapping);
        this.mapping = mapping;
        this.comparison = Comparison.of(databases, mapping);
        this.sides = new SideReader(databases);
        this.largest = largest;
        this.size = Math.min(largest, FIRST);
    }

    /** The result of comparing a range. */
    record ComparedRange(KeyRange range, Comparison.Seen seen) {}

    /**
     * Compares the next range.
     *
     * @param after the key after which the range begins, null for the first range
     * @throws UnavailableException if a side cannot be read at all
     */
    ComparedRange next(@Nullable RecordKey after) {
        while (true) {
            KeyRange range = ranges.after(after, size);
            try {
                long start = System.nanoTime();
                Comparison.Seen seen = comparison.compare(range);
                adapt(Duration.ofNanos(System.nanoTime() - start));
                return new ComparedRange(range, seen);
            } catch (DataAccessException | UnavailableException e) {
                if (!Recheck.isOfRows(e)) {
                    throw e;
                }
                if (size == 1) {
                    size = Math.min(largest, CUT);
                    return new ComparedRange(range, keys(range));
                }
                size = Math.max(1, size / CUT);
            }
        }
    }

    private void adapt(Duration took) {
        if (took.compareTo(SLOW) > 0) {
            size = (int) Math.max(1, size * SLOW.toMillis() / took.toMillis());
        } else if (took.compareTo(QUICK) < 0) {
            size = Math.min(largest, size * CUT);
        }
    }

    private Comparison.Seen keys(KeyRange range) {
        List<RecordKey> legacy = keys(Side.LEGACY, range);
        Set<RecordKey> all = new LinkedHashSet<>(legacy);
        if (mapping.kind() == TableMapping.Kind.TABLE) {
            all.addAll(keys(Side.MODERN, range));
        }
        return new Comparison.Seen(legacy.size(), List.copyOf(all));
    }

    private List<RecordKey> keys(Side side, KeyRange range) {
        Relation relation = mapping.relation(side);
        List<Field<String>> texts = relation.keyTexts();
        return sides.ask(
                side,
                dsl -> dsl.select(texts)
                        .from(relation.aliased())
                        .where(range.covers(relation))
                        .fetch(row -> new RecordKey(texts.stream().map(row::get).toList())));
    }
}
