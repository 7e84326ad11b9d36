package dev.crossfade.gate;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.table;

import dev.crossfade.control.Evidence;
import dev.crossfade.flags.Gate;
import dev.crossfade.flags.StageLog;
import dev.crossfade.model.Stage;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** Requires that every row from before dual writing has been copied. */
final class BackfillComplete implements Gate {

    private static final String REQUIRED = "a finished backfill that began after dual writing did";

    private static final Field<OffsetDateTime> STARTED_AT = field(DSL.name("started_at"), OffsetDateTime.class);
    private static final Field<OffsetDateTime> FINISHED_AT = field(DSL.name("finished_at"), OffsetDateTime.class);
    private static final Field<Long> ROWS_READ = field(DSL.name("rows_read"), Long.class);
    private static final Field<Long> ROWS_TOTAL = field(DSL.name("rows_total"), Long.class);

    private final DSLContext control;
    private final Proofs proofs;

    BackfillComplete(DSLContext control, Proofs proofs) {
        this.control = control;
        this.proofs = proofs;
    }

    @Override
    public String name() {
        return "backfill complete";
    }

    @Override
    public Verdict check(Step step) {
        boolean concerned = step.isForward()
                && step.to().compareTo(Stage.SHADOW_READ) >= 0
                && step.to().compareTo(Stage.MODERN_PRIMARY) <= 0;
        if (!concerned) {
            return new NotConcerned();
        }
        Optional<OffsetDateTime> begun =
                StageLog.lastMove(control, step.entity(), Stage.LEGACY_ONLY.name(), Stage.DUAL_WRITE.name());
        return control.select(STARTED_AT, FINISHED_AT, ROWS_READ, ROWS_TOTAL, Evidence.COLUMN)
                .from(table(DSL.name("crossfade", "backfill")))
                .where(field(DSL.name("entity")).eq(step.entity()))
                .fetchOptional(row -> row.value2() == null
                        ? running(step, row.value3(), row.value4())
                        : judge(step, begun, row.value1(), row.value3(), row.value5()))
                .orElseGet(() -> closed(step, "there was no backfill"));
    }

    private Verdict judge(
            Step step,
            Optional<OffsetDateTime> begun,
            OffsetDateTime started,
            long rows,
            String @Nullable [] evidence) {
        if (begun.isEmpty()) {
            return closed(step, "no record says when dual writing began");
        }
        if (started.isBefore(begun.get())) {
            return closed(step, "the last backfill began before dual writing did");
        }
        return proofs.contradictionOfCopy(step.entity(), evidence, started)
                .map(contradiction -> closed(step, "the last backfill proves nothing now: " + contradiction))
                .orElseGet(() -> new Open("finished, %s rows read".formatted(rows), REQUIRED));
    }

    private static Verdict running(Step step, long read, long total) {
        return Closed.counting(
                "the backfill has read %s of about %s rows".formatted(read, total),
                REQUIRED,
                remedy(step),
                Math.max(0, total - read),
                "rows");
    }

    /** The waiting caller does not run the backfill, but somebody else may. */
    private static Verdict closed(Step step, String seen) {
        return Closed.meanwhile(seen, REQUIRED, remedy(step));
    }

    private static String remedy(Step step) {
        return "Run `crossfade backfill %s`.".formatted(step.entity());
    }
}
