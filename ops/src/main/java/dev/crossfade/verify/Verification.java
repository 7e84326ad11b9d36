package dev.crossfade.verify;

import dev.crossfade.control.AuthorityTable;
import dev.crossfade.control.AuthorityTable.Standing;
import dev.crossfade.control.Databases;
import dev.crossfade.control.Evidence;
import dev.crossfade.control.StandingChangedException;
import dev.crossfade.control.VerificationTable;
import dev.crossfade.control.VerificationTable.Finding;
import dev.crossfade.gate.Barrier;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.RefusedException;
import dev.crossfade.model.Side;
import dev.crossfade.model.UnavailableException;
import dev.crossfade.sql.ServerMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalLong;
import java.util.SequencedMap;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;

/**
 * Proves that every projected legacy row equals its modern row, and that no modern row is left over. It works in every
 * stage, under traffic. Rows that seem different are rechecked until they are at rest, so an in-flight write is never
 * reported. The verdict and the keys are kept in the control schema.
 */
public final class Verification {

    /** How many differences a report names; all are counted. */
    public static final int NAMED = 100;

    private static final int CHUNK = 100_000;
    /** So many keys are looked at again together, as each look costs some round trips. */
    private static final int SETTLED_TOGETHER = 500;

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int ATTEMPTS = 5;

    private final Databases databases;
    private final TableMapping mapping;
    private final VerificationListener listener;
    private final CarefulComparison comparison;
    private final Repair repair;

    /** Creates a verification of one entity that no other entity's rows depend on. */
    public Verification(Databases databases, TableMapping mapping, VerificationListener listener) {
        this(databases, mapping, List.of(mapping), listener);
    }

    /**
     * Creates a verification of one entity.
     *
     * @param all known entities; their rows may fit only together with this one's
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
     * The result of a verification.
     *
     * @param rowsCompared how many legacy rows were compared
     * @param differenceCount how many records differ, after the repair if there was one
     * @param differences the first {@value Verification#NAMED} of them
     * @param respelled how many records are equal and only spelled differently, as the numbers 1.0 and 1.00; they are
     *     not differences
     * @param restless how many keys were written too often to come to rest; they are not differences
     * @param repaired how many differences were repaired
     * @param destructive how many rows of the mirror a repair of the differences deletes or overwrites
     * @param allowed how many it may delete or overwrite, empty if no repair was requested
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
         * Tells whether a repair was held back because it would delete or overwrite too many rows; then nothing was
         * repaired.
         */
        public boolean isHeldBack() {
            return allowed.isPresent() && destructive > allowed.getAsLong();
        }
    }

    /**
     * Compares all rows.
     *
     * @param repair whether to bring the mirror of every difference up to date and compare again, as
     *     {@link RepairMode.Usual}
     * @throws RefusedException as {@link #run(RepairMode)}, and if the repair would delete or overwrite too many rows
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
     * Compares all rows. The findings are recorded, repaired or not.
     *
     * @throws RefusedException if an instance or a transaction still writes without the mirror, a repair is requested
     *     at a stage without a mirror, or the entity keeps moving
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
     * The result of a repair.
     *
     * @param left the differences that are left
     * @param destructive how many rows of the mirror it deletes or overwrites
     * @param allowed how many it may delete or overwrite
     */
    private record Repaired(List<Difference> left, long destructive, long allowed) {}

    /**
     * Rechecks the keys at the stage and epoch that the repair then checks, as the authority may have moved since they
     * were found.
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

    /** Returns the evidence of the comparison. If a table was replaced meanwhile, that table was not compared. */
    private Evidence proof(Evidence before) {
        Evidence now = mapping.proof(databases);
        before.contradiction(now).ifPresent(contradiction -> {
            throw new RefusedException("%s was compared while something changed under it: %s. Run it again."
                    .formatted(mapping.entity(), contradiction));
        });
        return now;
    }

    private Found compareAll() {
        long total = new SideReader(databases).count(mapping.legacy(), Side.LEGACY);
        // Sides that order keys differently may name a key in two ranges.
        SequencedMap<RecordKey, Difference> differences = new LinkedHashMap<>();
        List<RecordKey> suspects = new ArrayList<>();
        long rows = 0;
        int respelled = 0;
        int restless = 0;
        @Nullable RecordKey after = null;
        do {
            CarefulComparison.ComparedRange step = comparison.next(after);
            suspects.addAll(step.seen().suspects());
            rows += step.seen().legacyRows();
            after = step.range().upTo();
            if (suspects.size() >= SETTLED_TOGETHER || after == null) {
                Recheck.Settled settled = settle(suspects);
                settled.differences().forEach(one -> differences.put(one.key(), one));
                respelled += settled.respelled().size();
                restless += settled.restless();
                suspects.clear();
            }
            listener.progressed(rows, Math.max(total, rows));
        } while (after != null);
        return new Found(rows, List.copyOf(differences.values()), respelled, restless);
    }

    /**
     * Looks at keys again until they are at rest. What was seen while the entity moved proves nothing: which side is
     * asked for intents depends on its stage.
     */
    private Recheck.Settled settle(List<RecordKey> suspects) {
        if (suspects.isEmpty()) {
            return new Recheck.Settled(List.of(), List.of(), 0);
        }
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Standing seen = repair.standing();
            Recheck.Settled settled = repair.recheck(seen, PATIENCE).settle(suspects);
            if (repair.standing().equals(seen)) {
                return settled;
            }
        }
        throw new RefusedException("%s was moved from stage to stage all the time that it was compared. Run it again."
                .formatted(mapping.entity()));
    }

    /**
     * Waits until nobody writes past the mirror any more. Before that, a comparison proves nothing about later times.
     */
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
