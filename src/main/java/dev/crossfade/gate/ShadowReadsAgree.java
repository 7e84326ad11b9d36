package dev.crossfade.gate;

import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.sum;
import static org.jooq.impl.DSL.table;
import static org.jooq.impl.DSL.val;

import dev.crossfade.flags.Gate;
import dev.crossfade.flags.StageLog;
import dev.crossfade.model.Stage;
import dev.crossfade.time.DurationText;
import java.math.BigDecimal;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.impl.DSL;

/**
 * Requires enough shadow comparisons that agree, since the entity last entered {@code SHADOW_READ}, with the present
 * mapping and tables. Comparisons of the legacy side with itself do not count. The tally is kept per minute, so a
 * comparison in the minute of the move counts.
 */
final class ShadowReadsAgree implements Gate {

    private static final Field<Long> COMPARED = field(DSL.name("compared"), Long.class);
    private static final Field<Long> MISMATCHED = field(DSL.name("mismatched"), Long.class);
    private static final Field<OffsetDateTime> BUCKET = field(DSL.name("bucket"), OffsetDateTime.class);

    private final DSLContext control;
    private final Proofs proofs;
    private final GateSettings.Shadow limits;

    ShadowReadsAgree(DSLContext control, Proofs proofs, GateSettings.Shadow limits) {
        this.control = control;
        this.proofs = proofs;
        this.limits = limits;
    }

    private record Tally(long compared, long mismatched) {

        /** Computed exactly, so that a share right at the limit is within it. */
        boolean isWithin(double percent) {
            return BigDecimal.valueOf(mismatched)
                            .movePointRight(2)
                            .compareTo(BigDecimal.valueOf(percent).multiply(BigDecimal.valueOf(compared)))
                    <= 0;
        }

        String text() {
            return compared == 0
                    ? "0 comparisons"
                    : String.format(
                            Locale.ROOT,
                            "%s of %s comparisons differed (%.3f %%)",
                            mismatched,
                            compared,
                            100.0 * mismatched / compared);
        }
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
        if (!tally.isWithin(limits.mismatchPercent())) {
            return new Closed(
                    tally.text(),
                    required,
                    "See `crossfade shadow %s` for what differs, run `crossfade verify %s --repair`, and shadow again: one step back and forth counts anew."
                            .formatted(step.entity(), step.entity()));
        }
        return tally.compared() < limits.comparisons()
                ? Closed.counting(
                        tally.text(),
                        required,
                        "Let the service read for a while, or lower gate.shadow.comparisons if it hardly reads.",
                        limits.comparisons() - tally.compared(),
                        "comparisons")
                : new Open(tally.text(), required);
    }

    private Tally tally(String entity) {
        Optional<OffsetDateTime> entered = StageLog.lastEntered(control, entity, Stage.SHADOW_READ);
        Field<OffsetDateTime> since = field(
                "date_trunc('minute', greatest({0}, now() - make_interval(secs => {1})))",
                OffsetDateTime.class,
                val(entered.orElse(null), OffsetDateTime.class),
                val(limits.window().toMillis() / 1000.0));
        return control.select(total(COMPARED), total(MISMATCHED))
                .from(table(DSL.name("crossfade", "shadow_tally")))
                .where(field(DSL.name("entity"), String.class).eq(entity))
                .and(field(DSL.name("aa"), Boolean.class).isFalse())
                .and(BUCKET.ge(since))
                .and(field(DSL.name("proves"), String.class)
                        .eq(proofs.lasting(entity).orElse("")))
                .fetchSingle(row ->
                        new Tally(row.value1().longValueExact(), row.value2().longValueExact()));
    }

    private static Field<BigDecimal> total(Field<Long> count) {
        return coalesce(sum(count), BigDecimal.ZERO);
    }
}
