package dev.crossfade.operate.report;

import dev.crossfade.model.RecordKey;
import dev.crossfade.operate.report.RecoverPicture.Loss;
import dev.crossfade.recover.Decision;
import dev.crossfade.recover.Outcome;
import dev.crossfade.recover.Picture;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an entity's databases disagree about, or how a decision ended.
 *
 * @param ending frozen, nothing to recover, held back, unfinished or recovered
 * @param picture the disagreement; null where nothing was frozen or a decision was carried out
 * @param decision how a decision ended; null if none was made
 */
public record RecoverReport(
        String entity,
        String ending,
        @Nullable RecoverPicture picture,
        @Nullable Carried decision) {

    public static final String FROZEN = "frozen";
    public static final String NOTHING = "nothing to recover";
    public static final String HELD_BACK = "held back";
    public static final String UNFINISHED = "unfinished";
    public static final String RECOVERED = "recovered";

    /** How many rows that do not fit are listed in text output. */
    public static final int NAMED = 20;

    /**
     * How a decision ended.
     *
     * @param stage the entity's stage; null while it is frozen
     * @param loss what it costs the side that loses
     * @param allowed how many rows it may delete and overwrite; null where it was carried out
     * @param changed how many rows were written, deleted or noted for the mirror
     * @param passedBy how many rows were skipped, as they were written since they were listed
     * @param backlog how many intents are left for the worker
     * @param unfit rows of the winner that do not fit the other side
     */
    public record Carried(
            String winner,
            @Nullable String stage,
            @Nullable Long epoch,
            Loss loss,
            @Nullable Long allowed,
            long changed,
            long passedBy,
            long backlog,
            List<Unfit> unfit) {}

    /** A row that does not fit, with the server's message. */
    public record Unfit(List<String> key, String problem) {}

    public static RecoverReport of(Picture picture, int limit) {
        return new RecoverReport(
                picture.entity(),
                picture.isToBeRecovered() ? FROZEN : NOTHING,
                RecoverPicture.of(picture, limit),
                null);
    }

    public static RecoverReport of(String entity, Decision decision, Outcome outcome) {
        String winner = decision.winner().label();
        return switch (outcome) {
            case Outcome.NothingToRecover nothing -> new RecoverReport(entity, NOTHING, null, null);
            case Outcome.HeldBack held ->
                new RecoverReport(
                        entity,
                        HELD_BACK,
                        RecoverPicture.of(held.picture(), NAMED),
                        new Carried(winner, null, null, Loss.of(held.losses()), held.allowed(), 0, 0, 0, List.of()));
            case Outcome.Unfinished part ->
                new RecoverReport(
                        entity,
                        UNFINISHED,
                        null,
                        new Carried(
                                winner,
                                null,
                                null,
                                Loss.of(part.losses()),
                                null,
                                part.changed(),
                                0,
                                0,
                                unfit(part.unfit())));
            case Outcome.Recovered done ->
                new RecoverReport(
                        entity,
                        RECOVERED,
                        null,
                        new Carried(
                                winner,
                                done.standing().stage().label(),
                                done.standing().epoch(),
                                Loss.of(done.losses()),
                                null,
                                done.changed(),
                                done.passedBy(),
                                done.backlog(),
                                unfit(done.unfit())));
        };
    }

    private static List<Unfit> unfit(Map<RecordKey, String> keys) {
        return keys.entrySet().stream()
                .map(one -> new Unfit(one.getKey().values(), one.getValue()))
                .toList();
    }
}
