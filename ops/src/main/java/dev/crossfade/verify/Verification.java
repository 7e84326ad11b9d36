package dev.crossfade.verify;

import dev.crossfade.control.AuthorityTable;
import dev.crossfade.control.AuthorityTable.Standing;
import dev.crossfade.control.Databases;
import dev.crossfade.control.Evidence;
import dev.crossfade.control.StandingChangedException;
import dev.crossfade.control.VerificationTable;
import dev.crossfade.control.VerificationTable.Finding;
import dev.crossfade.gate.Barrier;
import dev.crossfade.mapping.KeyRange;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.RefusedException;
import dev.crossfade.model.Side;
import dev.crossfade.model.UnavailableException;
import dev.crossfade.sql.ServerMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;

/**
 * Proves that every legacy row, projected, equals the modern row, and that no modern row is left over; in every stage,
 * under traffic. Rows that seem different are looked at again until they are at rest, so that a write under way is
 * never reported. The verdict and the keys are kept in the control schema.
 */
public final class Verification {

    /** How many differences a report names; all are counted. */
    public static final int NAMED = 100;

    private static final int CHUNK = 20_000;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int ATTEMPTS = 5;

    private final Databases databases;
    private final TableMapping mapping;
    private final VerificationListener listener;
    private final CarefulComparison comparison;
    private final Repair repair;

    /** Makes a verification of one entity that has nothing to do with others. */
    public Verification(Databases databases, TableMapping mapping, VerificationListener listener) {
        this(databases, mapping, List.of(mapping), listener);
    }

    /**
     * Makes a verification of one entity.
     *
     * @param all the entities that are known, whose rows may fit only together with its own
     */
    public Verification(
            Databases databases, TableMapping mapping, List<TableMapping> all, VerificationListener listener) {
        this.databases = mapping.holding(databases);
        this.mapping = mapping;
        this.listener = listener;
        this.comparison = new CarefulComparison(this.databases, mapping, CHUNK);
        this.repair = new Repair(this.databases, mapping, all);
    }

    /**
     * What a verification found.
     *
     * @param rowsCompared how many legacy rows were compared
     * @param differenceCount how many records differ, after the repair if there was one
     * @param differences the first {@value Verification#NAMED} of them
     * @param respelled how many records are equal and only spelled differently, as the numbers 1.0 and 1.00; they are
     *     not
     *     differences
     * @param restless how many keys were written so often that they were never at rest; they are not differences
     * @param repaired how many differences were repaired
     * @param destructive how many rows of the mirror the repair of what was found deletes or overwrites
     * @param allowed how many it may delete or overwrite, empty where no repair was asked for
     */
    public record Report(
            String entity,
            long rowsCompared,
            long differenceCount,
            List<Difference> differences,
            int respelled,
            int restless,
            long repaired,
            long destructive,
            OptionalLong allowed,
            Duration took) {

        /**
         * Tells whether a repair was asked for that would delete or overwrite more than it may, so that nothing was
         * repaired.
         */
        public boolean isHeldBack() {
            return allowed.isPresent() && destructive > allowed.getAsLong();
        }
    }

    /**
     * Compares all rows.
     *
     * @param repair whether to bring the mirror of every difference up to date from the authoritative side and look
     *     again, as {@link RepairMode.Usual}
     * @throws RefusedException as {@link #run(RepairMode)}, and if the repair would destroy too much
     * @throws UnavailableException if a database fails
     */
    public Report run(boolean repair) {
        Report report = run(repair ? new RepairMode.Usual() : new RepairMode.None());
        if (report.isHeldBack()) {
            throw new RefusedException(
                    "The repair of %s would delete or overwrite %s rows of the mirror, %s allowed; nothing was repaired."
                            .formatted(
                                    mapping.entity(),
                                    report.destructive(),
                                    report.allowed().getAsLong()));
        }
        return report;
    }

    /**
     * Compares all rows. What is found is recorded, whether it is repaired or not.
     *
     * @throws RefusedException if an instance or a transaction still writes as of before the mirror was switched on, or
     *     a repair is asked for in a stage without a mirror, or the entity moves all the time
     * @throws UnavailableException if a database fails
     */
    public Report run(RepairMode mode) {
        long start = System.nanoTime();
        try {
            AuthorityTable.requireMapping(databases.controlDsl(), mapping.entity(), mapping.fingerprint());
            if (!(mode instanceof RepairMode.None)) {
                repair.requireAllowed();
            }
            awaitMirroring();
            long id = VerificationTable.begin(databases.controlDsl(), mapping.entity());
            Evidence before = mapping.evidence(databases);
            Found found = compareAll();
            List<Difference> differences = found.differences();
            long destructive = 0;
            OptionalLong allowed = OptionalLong.empty();
            long repaired = 0;
            if (!(mode instanceof RepairMode.None) && !differences.isEmpty()) {
                Repaired outcome = repair(mode, differences);
                repaired = differences.size() - outcome.left().size();
                differences = outcome.left();
                destructive = outcome.destructive();
                allowed = OptionalLong.of(outcome.allowed());
            }
            finish(id, found.rows(), differences, proof(before));
            return new Report(
                    mapping.entity(),
                    found.rows(),
                    differences.size(),
                    differences.stream().limit(NAMED).toList(),
                    found.respelled(),
                    found.restless(),
                    repaired,
                    destructive,
                    allowed,
                    Duration.ofNanos(System.nanoTime() - start));
        } catch (DataAccessException e) {
            throw new UnavailableException(
                    "The verification of %s was interrupted: %s Run it again."
                            .formatted(mapping.entity(), ServerMessage.sentence(ServerMessage.withoutValues(e))),
                    e);
        }
    }

    private record Found(long rows, List<Difference> differences, int respelled, int restless) {}

    /**
     * What a repair did.
     *
     * @param left the differences that are left
     * @param destructive how many rows of the mirror it deletes or overwrites
     * @param allowed how many it may
     */
    private record Repaired(List<Difference> left, long destructive, long allowed) {}

    /**
     * Looks at the keys again under the standing that the repair then proves: since they were found the authority may
     * have moved.
     */
    private Repaired repair(RepairMode mode, List<Difference> found) {
        List<RecordKey> keys = found.stream().map(Difference::key).toList();
        for (int attempt = 1; ; attempt++) {
            Standing seen = repair.standing();
            List<Difference> present =
                    repair.recheck(seen, PATIENCE).settle(keys).differences();
            long destructive =
                    BlastRadius.destructive(present, seen.stage().authority()).size();
            long allowed = mode instanceof RepairMode.AtMost(long rows)
                    ? rows
                    : repair.usualRadius(seen).allowed();
            if (mode instanceof RepairMode.DryRun || destructive > allowed) {
                return new Repaired(present, destructive, allowed);
            }
            try {
                repair.apply(seen, present.stream().map(Difference::key).toList());
                return new Repaired(repair.recheck(seen, PATIENCE).settle(keys).differences(), destructive, allowed);
            } catch (StandingChangedException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    /** A proof of what was compared: a table that was replaced meanwhile was not. */
    private Evidence proof(Evidence before) {
        Evidence now = mapping.proof(databases);
        before.contradiction(now).ifPresent(contradiction -> {
            throw new RefusedException("%s was compared while something changed under it: %s. Run it again."
                    .formatted(mapping.entity(), contradiction));
        });
        return now;
    }

    private Found compareAll() {
        long total = new SideReader(databases)
                .ask(Side.LEGACY, dsl -> dsl.fetchCount(mapping.legacy().toTable()));
        List<Difference> differences = new ArrayList<>();
        long rows = 0;
        int respelled = 0;
        int restless = 0;
        @Nullable RecordKey after = null;
        do {
            CarefulComparison.Step step = comparison.next(after);
            Found found = settle(step.range(), step.seen());
            differences.addAll(found.differences());
            respelled += found.respelled();
            restless += found.restless();
            rows += found.rows();
            listener.progressed(rows, Math.max(total, rows));
            after = step.range().upTo();
        } while (after != null);
        return new Found(rows, differences, respelled, restless);
    }

    /** What was seen while the entity moved proves nothing: which side is asked for intents depends on its stage. */
    private Found settle(KeyRange range, Comparison.Seen first) {
        Comparison.Seen compared = first;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Standing seen = repair.standing();
            Recheck.Settled settled = repair.recheck(seen, PATIENCE).settle(compared.suspects());
            if (repair.standing().equals(seen)) {
                return new Found(
                        compared.legacyRows(),
                        settled.differences(),
                        settled.respelled().size(),
                        settled.restless());
            }
            compared = comparison.again(range);
        }
        throw new RefusedException("%s was moved from stage to stage all the time that it was compared. Run it again."
                .formatted(mapping.entity()));
    }

    /** A comparison proves something of the time after it only if nobody writes past the mirror any more. */
    private void awaitMirroring() {
        AuthorityTable.find(databases.controlDsl(), mapping.entity())
                .filter(standing -> standing.stage().mirrors())
                .ifPresent(standing -> new Barrier(databases, reason -> listener.waiting(mapping.entity(), reason))
                        .pass(mapping, standing));
    }

    private void finish(long id, long rows, List<Difference> differences, Evidence proof) {
        List<Finding> named = differences.stream()
                .limit(NAMED)
                .map(difference -> new Finding(difference.key(), difference.kind(), difference.columns()))
                .toList();
        VerificationTable.finish(
                databases.controlDsl(), id, new VerificationTable.Result(rows, differences.size(), named, proof));
    }
}
