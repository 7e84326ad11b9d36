package dev.crossfade.verify;

import static org.jooq.impl.DSL.currentOffsetDateTime;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;

import dev.crossfade.control.AuthorityTable;
import dev.crossfade.control.Databases;
import dev.crossfade.control.ServerMessage;
import dev.crossfade.gate.Barrier;
import dev.crossfade.mapping.KeyRange;
import dev.crossfade.mapping.Relation;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.CrossfadeException;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import dev.crossfade.model.UnavailableException;
import dev.crossfade.queue.Intent;
import dev.crossfade.queue.Intents;
import dev.crossfade.queue.PendingKeys.Work;
import dev.crossfade.reconcile.Outcome;
import dev.crossfade.reconcile.ReconcileListener;
import dev.crossfade.reconcile.Reconciler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;

/**
 * Proves that every legacy row, projected, equals the modern row, and that no modern row is left over; in every stage,
 * under traffic. Rows that seem different are looked at again until they are at rest, so that a write under way is never
 * reported. The verdict and the keys are kept in the control schema.
 */
public final class Verification {

    /** How many differences a report names; all are counted. */
    public static final int NAMED = 100;

    private static final int CHUNK = 20_000;
    private static final int REPAIR_BATCH = 500;
    private static final Duration REPAIR_PATIENCE = Duration.ofSeconds(30);

    private final Databases databases;
    private final TableMapping mapping;
    private final VerificationListener listener;
    private final Comparison comparison;
    private final Reconciler reconciler;

    /** Makes a verification of one entity. */
    public Verification(Databases databases, TableMapping mapping, VerificationListener listener) {
        this.databases = databases;
        this.mapping = mapping;
        this.listener = listener;
        this.comparison = databases.areShared() || mapping.kind() == TableMapping.Kind.COLUMN
                ? new JoinComparison(databases, mapping.from(Side.LEGACY))
                : new HashComparison(databases, mapping.from(Side.LEGACY));
        this.reconciler = new Reconciler(databases, ReconcileListener.NONE);
    }

    /**
     * What a verification found.
     *
     * @param rowsCompared how many legacy rows were compared
     * @param differenceCount how many records differ, after the repair if there was one
     * @param differences the first {@value Verification#NAMED} of them
     * @param restless how many keys were written so often that they were never at rest; they are not differences
     * @param repaired how many differences were repaired
     */
    public record Report(
            String entity,
            long rowsCompared,
            long differenceCount,
            List<Difference> differences,
            int restless,
            long repaired,
            Duration took) {}

    /**
     * Compares all rows.
     *
     * @param repair whether to bring the mirror of every difference up to date from the authoritative side and look again
     * @throws dev.crossfade.model.RefusedException if an instance or a transaction still writes as of before the mirror
     *     was switched on
     * @throws UnavailableException if a database fails
     */
    public Report run(boolean repair) {
        long start = System.nanoTime();
        try {
            awaitMirroring();
            long id = begin();
            Found found = compareAll();
            List<Difference> differences = found.differences();
            long repaired = 0;
            if (repair && !differences.isEmpty()) {
                List<RecordKey> keys = differences.stream().map(Difference::key).toList();
                repair(keys);
                differences = recheck().settle(keys).differences();
                repaired = keys.size() - differences.size();
            }
            finish(id, found.rows(), differences);
            return new Report(
                    mapping.entity(),
                    found.rows(),
                    differences.size(),
                    differences.stream().limit(NAMED).toList(),
                    found.restless(),
                    repaired,
                    Duration.ofNanos(System.nanoTime() - start));
        } catch (DataAccessException e) {
            throw new UnavailableException(
                    "The verification of %s was interrupted: %s Run it again."
                            .formatted(mapping.entity(), ServerMessage.of(e)),
                    e);
        }
    }

    private record Found(long rows, List<Difference> differences, int restless) {}

    private Found compareAll() {
        long total = databases.dsl(Side.LEGACY).fetchCount(mapping.legacy().toTable());
        Recheck recheck = recheck();
        List<Difference> differences = new ArrayList<>();
        long rows = 0;
        int restless = 0;
        @Nullable RecordKey after = null;
        do {
            RecordKey upTo = boundary(after);
            Comparison.Seen seen = comparison.compare(new KeyRange(after, upTo));
            Recheck.Settled settled = recheck.settle(seen.suspects());
            differences.addAll(settled.differences());
            restless += settled.restless();
            rows += seen.legacyRows();
            listener.progressed(rows, Math.max(total, rows));
            after = upTo;
        } while (after != null);
        return new Found(rows, differences, restless);
    }

    private Recheck recheck() {
        return new Recheck(databases, mapping, reconciler.authority(mapping));
    }

    /** Returns the last legacy key of the chunk that begins after a key, null for the chunk without an end. */
    private @Nullable RecordKey boundary(@Nullable RecordKey after) {
        Relation legacy = mapping.legacy();
        List<Field<String>> texts = legacy.keyTexts();
        return databases
                .dsl(Side.LEGACY)
                .select(texts)
                .from(legacy.aliased())
                .where(new KeyRange(after, null).covers(legacy))
                .orderBy(legacy.keyFields())
                .offset(CHUNK - 1)
                .limit(1)
                .fetchOptional(row -> new RecordKey(texts.stream().map(row::get).toList()))
                .orElse(null);
    }

    private void repair(Collection<RecordKey> keys) {
        List<RecordKey> all = List.copyOf(keys);
        for (int from = 0; from < all.size(); from += REPAIR_BATCH) {
            List<RecordKey> batch = all.subList(from, Math.min(all.size(), from + REPAIR_BATCH));
            List<Work> work =
                    Intents.append(databases.dsl(reconciler.authority(mapping)), mapping.entity(), batch).stream()
                            .map(Verification::work)
                            .toList();
            long deadline = System.nanoTime() + REPAIR_PATIENCE.toNanos();
            while (!work.isEmpty() && System.nanoTime() < deadline) {
                work = deferred(work, reconciler.reconcile(mapping, work));
                pause(work.isEmpty() ? 0 : 20);
            }
        }
    }

    private static List<Work> deferred(List<Work> work, List<Outcome> outcomes) {
        List<RecordKey> waiting = outcomes.stream()
                .filter(Outcome.Deferred.class::isInstance)
                .map(Outcome::key)
                .toList();
        return work.stream().filter(one -> waiting.contains(one.key())).toList();
    }

    private static Work work(Intent intent) {
        return new Work(intent.key(), List.of(intent));
    }

    /** A comparison proves something of the time after it only if nobody writes past the mirror any more. */
    private void awaitMirroring() {
        AuthorityTable.find(databases.controlDsl(), mapping.entity())
                .filter(standing -> standing.stage().mirrors())
                .ifPresent(standing -> new Barrier(databases, reason -> listener.waiting(mapping.entity(), reason))
                        .pass(mapping, standing));
    }

    private long begin() {
        return databases
                .controlDsl()
                .insertInto(table(name("crossfade", "verification")))
                .set(field(name("entity")), mapping.entity())
                .set(field(name("state")), "RUNNING")
                .returningResult(field(name("id"), Long.class))
                .fetchSingle()
                .value1();
    }

    private void finish(long id, long rows, List<Difference> differences) {
        databases.controlDsl().transaction(transaction -> {
            DSLContext control = transaction.dsl();
            for (Difference difference : differences.stream().limit(NAMED).toList()) {
                control.insertInto(table(name("crossfade", "difference")))
                        .set(field(name("verification_id")), id)
                        .set(
                                field(name("key"), SQLDataType.CLOB.array()),
                                texts(difference.key().values()))
                        .set(field(name("kind")), difference.kind())
                        .set(field(name("columns"), SQLDataType.CLOB.array()), texts(columns(difference)))
                        .execute();
            }
            control.update(table(name("crossfade", "verification")))
                    .set(field(name("state")), "FINISHED")
                    .set(field(name("finished_at")), currentOffsetDateTime())
                    .set(field(name("rows_compared")), rows)
                    .set(field(name("differences")), (long) differences.size())
                    .where(field(name("id")).eq(id))
                    .execute();
        });
    }

    private static List<String> columns(Difference difference) {
        return difference instanceof Difference.Different different ? different.columns() : List.of();
    }

    private static String[] texts(List<String> values) {
        return values.toArray(String[]::new);
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
