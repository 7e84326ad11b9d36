package dev.crossfade.cli;

import dev.crossfade.cli.Page.Tone;
import dev.crossfade.cli.RecoverPicture.Loss;
import dev.crossfade.model.RecordKey;
import dev.crossfade.recover.Decision;
import dev.crossfade.recover.Outcome;
import dev.crossfade.recover.Picture;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an entity's databases disagree about, or what became of a decision.
 *
 * @param ending frozen, nothing to recover, held back, unfinished or recovered
 * @param picture what was seen; null where nothing was frozen or a decision was carried out
 * @param decision what became of a decision; null if none was made
 */
record RecoverReport(
        String entity,
        String ending,
        @Nullable RecoverPicture picture,
        @Nullable Carried decision) implements Report {

    private static final String FROZEN = "frozen";
    private static final String NOTHING = "nothing to recover";
    private static final String HELD_BACK = "held back";
    private static final String UNFINISHED = "unfinished";
    private static final String RECOVERED = "recovered";

    /** How many rows that do not fit are named as text. */
    private static final int NAMED = 20;

    /**
     * What became of a decision.
     *
     * @param stage where the entity stands; null while it is frozen
     * @param loss what it costs the side that loses
     * @param allowed how many rows it may delete and overwrite; null where it was carried out
     * @param changed how many rows were written, deleted or noted for the mirror
     * @param passedBy how many were written since they were listed, so they were not touched
     * @param backlog how many intents are left for the worker
     * @param unfit rows of the winner that do not fit the other side
     */
    record Carried(
            String winner,
            @Nullable String stage,
            @Nullable Long epoch,
            Loss loss,
            @Nullable Long allowed,
            long changed,
            long passedBy,
            long backlog,
            List<Unfit> unfit) {}

    /** A row that does not fit, and what the server said. */
    record Unfit(List<String> key, String problem) {}

    static RecoverReport of(Picture picture, int limit) {
        return new RecoverReport(
                picture.entity(),
                picture.isToBeRecovered() ? FROZEN : NOTHING,
                RecoverPicture.of(picture, limit),
                null);
    }

    static RecoverReport of(String entity, Decision decision, Outcome outcome) {
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

    @Override
    public void print(Page page) {
        if (ending.equals(NOTHING)) {
            page.line("%s is not frozen: %s.", entity, page.paint("nothing to recover", Tone.GOOD));
            return;
        }
        if (picture != null) {
            picture.print(entity, page);
        }
        if (decision != null) {
            print(page, decision);
        }
    }

    private void print(Page page, Carried carried) {
        switch (ending) {
            case HELD_BACK ->
                page.line(
                        page.paint("No row was changed:", Tone.BAD)
                                + " that would delete or overwrite %s rows of the %s side, %s allowed. They may be the last copies: look at them first. If the %s side is right, run it again with --allow-rows %s.",
                        Wording.count(carried.loss().destroyed()),
                        carried.loss().loser(),
                        carried.allowed() == null ? "none" : Wording.count(carried.allowed()),
                        carried.winner(),
                        carried.loss().destroyed());
            case UNFINISHED ->
                page.line(
                        "%s is %s: %s rows of the %s side were dealt with, and %s do not fit the other side. Put them right and run the same command again, or give them up with --leave-unfit.",
                        entity,
                        page.paint("still frozen", Tone.BAD),
                        Wording.count(carried.changed()),
                        carried.winner(),
                        Wording.count(carried.unfit().size()));
            default -> printRecovered(page, carried);
        }
        Table table = new Table("KEY", "DOES NOT FIT");
        carried.unfit().stream().limit(NAMED).forEach(one -> table.row(String.join(",", one.key()), one.problem()));
        page.table(table);
    }

    private void printRecovered(Page page, Carried carried) {
        page.line(
                "%s is %s at %s (epoch %s): the %s side won. %s rows of the %s side were deleted, %s overwritten, %s added.",
                entity,
                page.paint("recovered", Tone.GOOD),
                String.valueOf(carried.stage()),
                carried.epoch() == null ? 0L : carried.epoch(),
                carried.winner(),
                Wording.count(carried.loss().deleted()),
                carried.loss().loser(),
                Wording.count(carried.loss().overwritten()),
                Wording.count(carried.loss().added()));
        if (carried.passedBy() > 0) {
            page.line(
                    "%s of these rows were written since they were listed, and were left alone.",
                    Wording.count(carried.passedBy()));
        }
        if (carried.backlog() > 0) {
            page.line(
                    "%s intents are left; the worker applies them: `crossfade worker`.",
                    Wording.count(carried.backlog()));
        }
        page.line("Proofs from before do not count any more: run `crossfade verify %s`.", entity);
    }
}
