package dev.crossfade.gate;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.table;

import dev.crossfade.flags.Gate;
import dev.crossfade.flags.StageLog;
import dev.crossfade.model.Stage;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;

/** Every row that existed before dual writing began has been copied. */
final class BackfillComplete implements Gate {

    private final DSLContext control;

    BackfillComplete(DSLContext control) {
        this.control = control;
    }

    @Override
    public String name() {
        return "backfill complete";
    }

    @Override
    public Verdict check(Step step) {
        boolean concerned = step.to().compareTo(step.from().stage()) > 0
                && step.to().compareTo(Stage.SHADOW_READ) >= 0
                && step.to().compareTo(Stage.MODERN_PRIMARY) <= 0;
        if (!concerned) {
            return new Open();
        }
        Optional<OffsetDateTime> started = control.select(field(DSL.name("started_at"), OffsetDateTime.class))
                .from(table(DSL.name("crossfade", "backfill")))
                .where(field(DSL.name("entity")).eq(step.entity()))
                .and(field(DSL.name("finished_at")).isNotNull())
                .fetchOptional(row -> row.value1());
        Optional<OffsetDateTime> begun =
                StageLog.lastMove(control, step.entity(), Stage.LEGACY_ONLY.name(), Stage.DUAL_WRITE.name());
        if (started.isPresent() && begun.isPresent() && !started.get().isBefore(begun.get())) {
            return new Open();
        }
        return new Closed(
                "no backfill that began after dual writing did has finished.",
                "Run `crossfade backfill %s`.".formatted(step.entity()));
    }
}
