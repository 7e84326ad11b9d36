package dev.crossfade.verify;

import static org.jooq.impl.DSL.any;

import dev.crossfade.control.Databases;
import dev.crossfade.mapping.KeyRange;
import dev.crossfade.mapping.Projection;
import dev.crossfade.mapping.Relation;
import dev.crossfade.model.CrossfadeException;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import dev.crossfade.time.DaemonThread;
import dev.crossfade.verify.RowHashes.Bucket;
import dev.crossfade.verify.RowHashes.Hashes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;

/**
 * Compares sides in two databases by the count and XOR of the rows' 64-bit hashes in each range. Only where these
 * differ does it fetch the hashes of single rows. Both servers hash records, or texts where they would not hash a
 * record alike. Keys are unique and ranges half open, so no row is counted twice and cancels itself out.
 */
final class HashComparison implements Comparison {

    private final SideReader sides;
    private final Projection projection;
    private final Relation source;
    private final Relation target;
    private @Nullable RowHashes chosen;

    HashComparison(Databases databases, Projection projection) {
        this.sides = new SideReader(databases);
        this.projection = projection;
        this.source = projection.source();
        this.target = projection.target();
    }

    @Override
    public Seen compare(KeyRange range) {
        RowHashes hashes = hashes();
        FutureTask<Map<Integer, Bucket>> other =
                new FutureTask<>(() -> buckets(Side.MODERN, target, range, hashes.stored()));
        DaemonThread.named("crossfade-compare", other).start();
        Map<Integer, Bucket> legacy = beside(other, () -> buckets(Side.LEGACY, source, range, hashes.projected()));
        Map<Integer, Bucket> modern = await(other);
        Set<Integer> differing = new HashSet<>(legacy.keySet());
        differing.addAll(modern.keySet());
        differing.removeIf(bucket -> Objects.equals(legacy.get(bucket), modern.get(bucket)));
        return new Seen(
                legacy.values().stream().mapToLong(Bucket::rows).sum(),
                differing.isEmpty() ? List.of() : suspects(range, hashes, differing));
    }

    private RowHashes hashes() {
        RowHashes known = chosen;
        if (known == null) {
            known = RowHashes.areAlike(sides) ? RowHashes.ofRecords(projection) : RowHashes.ofTexts(projection);
            chosen = known;
        }
        return known;
    }

    /** If one side fails, waits for the other one too, so that its query does not run on beside the next one. */
    private static <T> T beside(FutureTask<Map<Integer, Bucket>> other, Supplier<T> question) {
        try {
            return question.get();
        } catch (RuntimeException e) {
            try {
                await(other);
            } catch (RuntimeException also) {
                e.addSuppressed(also);
            }
            throw e;
        }
    }

    private static Map<Integer, Bucket> await(FutureTask<Map<Integer, Bucket>> other) {
        try {
            return other.get();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            throw cause instanceof RuntimeException failure
                    ? failure
                    : new CrossfadeException("The modern side could not be compared.", e);
        } catch (InterruptedException e) {
            other.cancel(true);
            Thread.currentThread().interrupt();
            throw new CrossfadeException("The comparison was interrupted. Run it again.", e);
        }
    }

    private Map<Integer, Bucket> buckets(Side side, Relation relation, KeyRange range, Hashes hashes) {
        return sides.ask(
                side,
                dsl -> RowHashes.buckets(dsl, relation, range, hashes)
                        .fetchMap(row -> row.value1(), row -> new Bucket(row.value2(), row.value3())));
    }

    private List<RecordKey> suspects(KeyRange range, RowHashes hashes, Set<Integer> buckets) {
        Map<RecordKey, Long> legacy =
                sides.ask(Side.LEGACY, dsl -> rows(dsl, source, range, hashes.projected(), buckets));
        Map<RecordKey, Long> modern = sides.ask(Side.MODERN, dsl -> rows(dsl, target, range, hashes.stored(), buckets));
        Set<RecordKey> keys = new HashSet<>(legacy.keySet());
        keys.addAll(modern.keySet());
        keys.removeIf(key -> legacy.containsKey(key) && legacy.get(key).equals(modern.get(key)));
        return List.copyOf(keys);
    }

    private static Map<RecordKey, Long> rows(
            DSLContext dsl, Relation relation, KeyRange range, Hashes hashes, Set<Integer> buckets) {
        List<Field<?>> fields = new ArrayList<>(relation.keyTexts());
        fields.add(hashes.ofRow());
        Map<RecordKey, Long> rows = new HashMap<>();
        dsl.select(fields)
                .from(relation.aliased())
                .where(range.covers(relation))
                .and(hashes.bucket().eq(any(buckets.toArray(Integer[]::new))))
                .forEach(row -> rows.put(
                        key(row, relation.key().size()), row.get(relation.key().size(), Long.class)));
        return rows;
    }

    private static RecordKey key(Record row, int width) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < width; i++) {
            texts.add(row.get(i, String.class));
        }
        return new RecordKey(texts);
    }
}
