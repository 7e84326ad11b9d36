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
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import dev.crossfade.model.UnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jooq.DSLContext;
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
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Databases databases;
    private final TableMapping mapping;
    private final VerificationListener listener;
    private final Comparison comparison;
    private final Repair repair;

    /** Makes a verification of one entity. */
    public Verification(Databases databases, TableMapping mapping, VerificationListener listener) {
        this.databases = databases;
        this.mapping = mapping;
        this.listener = listener;
        this.comparison = Comparison.of(databases, mapping);
        this.repair = new Repair(databases, mapping);
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
                this.repair.apply(keys);
                differences = this.repair.recheck(PATIENCE).settle(keys).differences();
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
                            .formatted(mapping.entity(), ServerMessage.withoutValues(e)),
                    e);
        }
    }

    private record Found(long rows, List<Difference> differences, int restless) {}

    private Found compareAll() {
        long total = databases.dsl(Side.LEGACY).fetchCount(mapping.legacy().toTable());
        Ranges ranges = new Ranges(databases, mapping, CHUNK);
        Recheck recheck = repair.recheck(PATIENCE);
        List<Difference> differences = new ArrayList<>();
        long rows = 0;
        int restless = 0;
        @Nullable RecordKey after = null;
        do {
            KeyRange range = ranges.after(after);
            Comparison.Seen seen = comparison.compare(range);
            Recheck.Settled settled = recheck.settle(seen.suspects());
            differences.addAll(settled.differences());
            restless += settled.restless();
            rows += seen.legacyRows();
            listener.progressed(rows, Math.max(total, rows));
            after = range.upTo();
        } while (after != null);
        return new Found(rows, differences, restless);
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
                        .set(field(name("columns"), SQLDataType.CLOB.array()), texts(difference.columns()))
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

    private static String[] texts(List<String> values) {
        return values.toArray(String[]::new);
    }
}
