package dev.crossfade.cli.rows;

import dev.crossfade.cli.terminal.Page;
import dev.crossfade.cli.terminal.Page.Tone;
import dev.crossfade.cli.terminal.Table;
import dev.crossfade.operate.report.RecoverReport;
import dev.crossfade.operate.report.RecoverReport.Carried;
import dev.crossfade.operate.report.Wording;

/** Prints a {@link RecoverReport} for people. */
final class RecoverText {

    private RecoverText() {}

    static void print(RecoverReport report, Page page) {
        if (report.ending().equals(RecoverReport.NOTHING)) {
            page.line("%s is not frozen: %s.", report.entity(), page.paint("nothing to recover", Tone.GOOD));
            return;
        }
        if (report.picture() != null) {
            RecoverPictureText.print(report.picture(), report.entity(), page);
        }
        if (report.decision() != null) {
            print(report, page, report.decision());
        }
    }

    private static void print(RecoverReport report, Page page, Carried carried) {
        switch (report.ending()) {
            case RecoverReport.HELD_BACK ->
                page.line(
                        page.paint("No row was changed:", Tone.BAD)
                                + " that would delete or overwrite %s rows of the %s side, %s allowed. They may be the last copies: look at them first. If the %s side is right, run it again with --allow-rows %s.",
                        Wording.count(carried.loss().destroyed()),
                        carried.loss().loser(),
                        carried.allowed() == null ? "none" : Wording.count(carried.allowed()),
                        carried.winner(),
                        carried.loss().destroyed());
            case RecoverReport.UNFINISHED ->
                page.line(
                        "%s is %s: %s rows of the %s side were dealt with, and %s do not fit the other side. Put them right and run the same command again, or give them up with --leave-unfit.",
                        report.entity(),
                        page.paint("still frozen", Tone.BAD),
                        Wording.count(carried.changed()),
                        carried.winner(),
                        Wording.count(carried.unfit().size()));
            default -> printRecovered(report.entity(), page, carried);
        }
        Table table = new Table("KEY", "DOES NOT FIT");
        carried.unfit().stream()
                .limit(RecoverReport.NAMED)
                .forEach(one -> table.row(String.join(",", one.key()), one.problem()));
        page.table(table);
    }

    private static void printRecovered(String entity, Page page, Carried carried) {
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
