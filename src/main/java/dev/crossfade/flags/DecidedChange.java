package dev.crossfade.flags;

import dev.crossfade.control.Databases;
import dev.crossfade.flags.Gate.Step;
import dev.crossfade.flags.Gate.Verdict;
import dev.crossfade.flags.StageLog.Author;
import dev.crossfade.model.RefusedException;
import dev.crossfade.model.Stage;
import dev.crossfade.queue.QueueActions;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jooq.DSLContext;

/**
 * Steps that the gates allow, or that were forced, to be made together.
 *
 * @param verdicts each gate's verdict on each entity's step
 * @param lastDiscard the newest discard of missed writes when the gates were asked: see {@link
 *         QueueActions#lastDiscard}
 * @param ramps shares of reads that are set with the steps, in per mille, by entity
 */
record DecidedChange(
        List<Step> steps,
        Author author,
        Map<String, Map<String, Verdict>> verdicts,
        long lastDiscard,
        Map<String, Integer> ramps) {

    /** Returns the entities' names, for people. */
    String entities() {
        return steps.stream().map(Step::entity).collect(Collectors.joining(", "));
    }

    /** Tells whether a gate was closed for an entity's step, and the step was forced. */
    boolean overrules(String entity, String gate) {
        Verdict verdict = verdicts.getOrDefault(entity, Map.of()).get(gate);
        return verdict != null && verdict.isClosed();
    }

    List<String> names() {
        return steps.stream().map(Step::entity).toList();
    }

    /** Records all steps in the transaction on {@code control}, which the caller commits. */
    void record(Connection control) {
        for (Step step : steps) {
            StageLog.record(control, step, author, verdicts.getOrDefault(step.entity(), Map.of()));
            if (step.isFromTo(Stage.SHADOW_READ, Stage.MODERN_READ)) {
                Optional.ofNullable(ramps.get(step.entity()))
                        .ifPresent(perMille -> FlagStore.putShare(Databases.dsl(control), step.entity(), perMille));
            }
        }
    }

    /** Makes sure that the entities are still where the steps begin, and blocks other changes. */
    void requireStandings(DSLContext control) {
        for (Step step : steps) {
            StageLog.lock(control, step.entity());
            StageLog.requireStanding(control, step);
        }
    }

    /**
     * Makes sure that no missed write was discarded since the gates were asked: its mirror is stale without any
     * record.
     *
     * @throws RefusedException if one was
     */
    void requireNothingDiscarded(DSLContext control) {
        if (QueueActions.lastDiscard(control, names()) != lastDiscard) {
            throw new RefusedException(
                    "Missed writes of %s were discarded while its authority was about to move, so the sides may differ. Run `crossfade verify %s`, then try again."
                            .formatted(entities(), String.join(" ", names())));
        }
    }
}
