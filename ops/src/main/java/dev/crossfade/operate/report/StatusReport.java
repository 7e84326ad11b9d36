package dev.crossfade.operate.report;

import dev.crossfade.control.Contractions.Contraction;
import dev.crossfade.queue.Backlog;
import dev.crossfade.queue.MissedWrites.Tally;
import dev.crossfade.verify.SweepCycle;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where everything stands.
 *
 * @param databases the databases of the sides
 * @param mapping what the mapping file says
 * @param entities the known entities, by name
 * @param installed whether there is a control schema
 * @param unknown what is queued of entities that have no stage here; nothing works on that
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

    /** An entity that something is queued of and that has no stage: a newer instance's, or one that is gone. */
    public record Stranger(String entity, IntentCount backlog, MissedCount missedWrites) {}

    /**
     * The mapping file.
     *
     * @param file its path
     * @param problem why it, or a part of it, cannot be used, null if it can or is not there
     * @param leftOut the entities that cannot be worked on, none where no other can
     * @param warnings how many findings somebody should look at; rows are not written for a trial here
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
     * @param contracted how its legacy structures went, null while it has them
     * @param frozen why nothing is applied, repaired or moved, null if it is
     * @param movesWith the entities that are used in one transaction with it, so that their authority moves together
     * @param stranded intents that nobody works off in the present stage: of a side that does not decide, or without a
     *     mirror
     * @param sweep the last finished pass of the sweep, null if there was none
     * @param capture whether capture is installed: {@code installed}, {@code incomplete}, {@code left over} of a
     *     contracted entity, null if it is not
     * @param liveInstances how many live instances serve it
     * @param behind names of those that have not applied its stage
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
     * @param oldestSeconds for how long the oldest has been missed, null if there is none
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
     * @param foundPerMillion how many of them there were in a million rows compared
     * @param repaired how many of them are gone
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
