package dev.crossfade.gate;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.table;

import dev.crossfade.flags.Gate;
import dev.crossfade.flags.StageLog;
import dev.crossfade.model.Stage;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jooq.Record2;
import org.jooq.impl.DSL;

/** The sides were proven equal since the mirror was last switched on, before reads or the authority move to it. */
final class VerificationClean implements Gate {

    private final DSLContext control;

    VerificationClean(DSLContext control) {
        this.control = control;
    }

    @Override
    public String name() {
        return "verification clean";
    }

    @Override
    public Verdict check(Step step) {
        Stage from = step.from().stage();
        boolean towardsModern =
                from.compareTo(step.to()) < 0 && (step.to() == Stage.MODERN_READ || step.to() == Stage.MODERN_PRIMARY);
        boolean towardsLegacy = from == Stage.MODERN_PRIMARY && step.to() == Stage.MODERN_READ;
        if (!towardsModern && !towardsLegacy) {
            return new Open();
        }
        Optional<OffsetDateTime> mirroringSince = towardsModern
                ? StageLog.lastMove(control, step.entity(), Stage.LEGACY_ONLY.name(), Stage.DUAL_WRITE.name())
                : StageLog.lastMove(control, step.entity(), Stage.MODERN_ONLY.name(), Stage.MODERN_PRIMARY.name());
        if (towardsLegacy && mirroringSince.isEmpty()) {
            return new Open();
        }
        return judge(step.entity(), mirroringSince);
    }

    private Verdict judge(String entity, Optional<OffsetDateTime> mirroringSince) {
        String remedy = "Run `crossfade verify %s`.".formatted(entity);
        Optional<Record2<OffsetDateTime, Long>> last = control.select(
                        field(DSL.name("started_at"), OffsetDateTime.class), field(DSL.name("differences"), Long.class))
                .from(table(DSL.name("crossfade", "verification")))
                .where(field(DSL.name("entity")).eq(entity))
                .and(field(DSL.name("finished_at")).isNotNull())
                .orderBy(field(DSL.name("id")).desc())
                .limit(1)
                .fetchOptional();
        if (last.isEmpty()) {
            return new Closed("the sides were never compared.", remedy);
        }
        if (last.get().value2() > 0) {
            return new Closed(
                    "the last comparison found %d differences."
                            .formatted(last.get().value2()),
                    "Run `crossfade verify %s --repair`, then verify again.".formatted(entity));
        }
        if (mirroringSince.isPresent() && last.get().value1().isBefore(mirroringSince.get())) {
            return new Closed("the last comparison is from before the mirror was switched on.", remedy);
        }
        return new Open();
    }
}
