package dev.crossfade.operate.report;

import dev.crossfade.control.Contractions.Contraction;
import dev.crossfade.queue.Backlog;
import dev.crossfade.queue.MissedWrites.Tally;
import dev.crossfade.verify.SweepCycle;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The state of everything.
 *
 * @param databases the databases of the sides
 * @param mapping what the mapping file says
 * @param entities the known entities, by name
 * @param installed whether there is a control schema
 * @param unknown what is queued for entities without a stage here; nobody processes it
 */
public record StatusReport(
        boolean installed,
        List<Database> databases,
        MappingState mapping,
        List<Entity> entities,
        List<Stranger> unknown) {

    public static final String INSTALLED = "installed";
    public static final String INCOMPLETE = "incomplete";
    public static final String LEFT_OVER = "left over";

    /**
     * A side's database.
     *
     * @param server the server's version, null if it cannot be reached
     * @param intentBytes the size of its table of intents, null if it cannot be reached
     * @param problem why it cannot be used, null if it can
     */
    public record Database(
            String side,
            String location,
            @Nullable String server,
            @Nullable Long intentBytes,
            @Nullable String problem) {}

    /** An entity that has something queued and no stage: a newer instance's, or one that is gone. */
    public record Stranger(String entity, IntentCount backlog, MissedCount missedWrites) {}

    /**
     * The mapping file.
     *
     * @param file its path
     * @param problem why it, or a part of it, cannot be used; null if it can, or is missing
     * @param leftOut the entities that cannot be used; empty where none can
     * @param warnings how many findings somebody should look at; no trial rows are written here
     * @param firstWarnings the first of them, one line each
     */
    public record MappingState(
            String file,
            boolean present,
            @Nullable String problem,
            List<String> leftOut,
            int warnings,
            List<String> firstWarnings) {

        /** Returns the state of a file of which nothing more is known. */
        public static MappingState unread(String file, boolean present, @Nullable String problem) {
            return new MappingState(file, present, problem, List.of(), 0, List.of());
        }
    }

    /**
     * One entity.
     *
     * @param contracted how its legacy structures were dropped, null while it has them
     * @param frozen why it is frozen, null if it is not
     * @param movesWith the entities used in one transaction with it, whose authority moves with it
     * @param stranded intents that nobody applies at the present stage: those of the mirror side, or any without a
     *     mirror
     * @param sweep the last finished pass of the sweep, null if there was none
     * @param capture whether capture is installed: {@code installed}, {@code incomplete}, {@code left over} of a
     *     contracted entity, null if it is not
     * @param liveInstances how many live instances serve it
     * @param behind the instances that have not applied its stage
     */
    public record Entity(
            String entity,
            String stage,
            long epoch,
            @Nullable Contracted contracted,
            @Nullable String frozen,
            List<String> movesWith,
            IntentCount backlog,
            long stranded,
            MissedCount missedWrites,
            @Nullable BackfillState backfill,
            @Nullable VerificationState verification,
            @Nullable SweepState sweep,
            @Nullable String capture,
            int liveInstances,
            List<String> behind) {}

    /**
     * The end of an entity's migration.
     *
     * @param migrations the versions of the contract migrations
     */
    public record Contracted(List<String> migrations, OffsetDateTime at) {

        public static Contracted of(Contraction contraction) {
            return new Contracted(contraction.versions(), contraction.at());
        }
    }

    /**
     * The intents of an entity.
     *
     * @param oldestSeconds age of the oldest, null if there is none
     */
    public record IntentCount(long intents, @Nullable Double oldestSeconds) {

        public static IntentCount of(Backlog backlog) {
            return new IntentCount(backlog.count(), backlog.count() == 0 ? null : backlog.oldestSeconds());
        }
    }

    /**
     * The missed writes of an entity.
     *
     * @param parked how many of them wait for an operator
     * @param waiting how many of them wait for a row that they refer to
     * @param oldestSeconds the age of the oldest, null if there is none
     */
    public record MissedCount(
            long count, long parked, long waiting, @Nullable Double oldestSeconds) {

        public static MissedCount of(Tally tally) {
            return new MissedCount(
                    tally.count(), tally.parked(), tally.waiting(), tally.count() == 0 ? null : tally.oldestSeconds());
        }
    }

    /** How far a backfill is. */
    public record BackfillState(
            String state,
            long rowsRead,
            long rowsTotal,
            int percent,
            @Nullable OffsetDateTime finishedAt) {}

    /** The last verification. */
    public record VerificationState(
            String state,
            OffsetDateTime startedAt,
            @Nullable OffsetDateTime finishedAt,
            long rowsCompared,
            long differences) {}

    /**
     * The last finished pass of the sweep.
     *
     * @param found differences that nothing explained
     * @param foundPerMillion the same per million rows compared
     * @param repaired how many of them were repaired
     * @param heldBack how many of them were not repaired, as that would have deleted or overwritten too many rows
     */
    public record SweepState(
            @Nullable OffsetDateTime finishedAt,
            long rowsCompared,
            long found,
            double foundPerMillion,
            long repaired,
            long heldBack) {

        public static SweepState of(SweepCycle pass) {
            return new SweepState(
                    pass.finishedAt(),
                    pass.rowsCompared(),
                    pass.found(),
                    pass.foundPerMillion(),
                    pass.repaired(),
                    pass.heldBack());
        }
    }

    public boolean hasTrouble() {
        return mapping.problem() != null
                || entities.stream().anyMatch(entity -> entity.frozen() != null)
                || databases.stream().anyMatch(database -> database.problem() != null);
    }
}
