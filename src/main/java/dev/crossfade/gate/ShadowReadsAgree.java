package dev.crossfade.gate;

import dev.crossfade.flags.Gate;
import dev.crossfade.flags.StageHistory;
import dev.crossfade.model.Stage;
import dev.crossfade.shadow.ShadowLog;
import dev.crossfade.shadow.ShadowLog.Tally;
import dev.crossfade.time.DurationText;
import java.math.BigDecimal;
import java.util.Locale;
import org.jooq.DSLContext;

/**
 * Requires enough shadow comparisons that agree, since the entity last entered {@code SHADOW_READ}, with the present
 * mapping and tables. Comparisons of the legacy side with itself do not count. The tally is kept per minute, so a
 * comparison in the minute of the move counts.
 */
final class ShadowReadsAgree implements Gate {

    private final DSLContext control;
    private final Proofs proofs;
    private final GateSettings.Shadow limits;

    ShadowReadsAgree(DSLContext control, Proofs proofs, GateSettings.Shadow limits) {
        this.control = control;
        this.proofs = proofs;
        this.limits = limits;
    }

    @Override
    public String name() {
        return "shadow reads agree";
    }

    @Override
    public Verdict check(Step step) {
        if (!step.isFromTo(Stage.SHADOW_READ, Stage.MODERN_READ)) {
            return new NotConcerned();
        }
        Tally tally = tally(step.entity());
        String required = "at least %s comparisons within %s, at most %s %% differed"
                .formatted(
                        limits.comparisons(),
                        DurationText.of(limits.window()),
                        BigDecimal.valueOf(limits.mismatchPercent())
                                .stripTrailingZeros()
                                .toPlainString());
        if (!isWithin(tally, limits.mismatchPercent())) {
            return new Closed(
                    text(tally),
                    required,
                    "See `crossfade shadow %s` for what differs, run `crossfade verify %s --repair`, and shadow again: one step back and forth counts anew."
                            .formatted(step.entity(), step.entity()));
        }
        return tally.compared() < limits.comparisons()
                ? Closed.counting(
                        text(tally),
                        required,
                        "Let the service read for a while, or lower gate.shadow.comparisons if it hardly reads.",
                        limits.comparisons() - tally.compared(),
                        "comparisons")
                : new Open(text(tally), required);
    }

    private Tally tally(String entity) {
        return new ShadowLog(control)
                .tally(
                        entity,
                        proofs.lasting(entity).orElse(""),
                        StageHistory.lastEntered(control, entity, Stage.SHADOW_READ),
                        limits.window());
    }

    /** Exact, so that a share right at its limit is within it. */
    private static boolean isWithin(Tally tally, double percent) {
        return BigDecimal.valueOf(tally.mismatched())
                        .movePointRight(2)
                        .compareTo(BigDecimal.valueOf(percent).multiply(BigDecimal.valueOf(tally.compared())))
                <= 0;
    }

    private static String text(Tally tally) {
        return tally.compared() == 0
                ? "0 comparisons"
                : String.format(
                        Locale.ROOT,
                        "%s of %s comparisons differed (%.3f %%)",
                        tally.mismatched(),
                        tally.compared(),
                        100.0 * tally.mismatched() / tally.compared());
    }
}
