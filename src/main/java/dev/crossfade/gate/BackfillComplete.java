package dev.crossfade.gate;

import dev.crossfade.control.BackfillTable;
import dev.crossfade.flags.Gate;
import dev.crossfade.flags.StageHistory;
import dev.crossfade.model.Stage;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.jooq.DSLContext;

/** Requires that every row from before dual writing has been copied. */
final class BackfillComplete implements Gate {

    private static final String REQUIRED = "a finished backfill that began after dual writing did";

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
        return of(step.entity());
    }

    /** Says it of an entity, whatever step it is to take. */
    Verdict of(String entity) {
        Optional<OffsetDateTime> begun =
                StageHistory.lastMove(control, entity, Stage.LEGACY_ONLY.name(), Stage.DUAL_WRITE.name());
        return BackfillTable.find(control, entity)
                .map(backfill -> backfill.finishedAt() == null
                        ? running(entity, backfill.read(), backfill.total())
                        : judge(entity, begun, backfill))
                .orElseGet(() -> closed(entity, "there was no backfill"));
    }

    private Verdict judge(String entity, Optional<OffsetDateTime> begun, BackfillTable.Checkpoint backfill) {
        if (begun.isEmpty()) {
            return closed(entity, "no record says when dual writing began");
        }
        if (backfill.startedAt().isBefore(begun.get())) {
            return closed(entity, "the last backfill began before dual writing did");
        }
        return proofs.contradictionOfCopy(entity, backfill.evidence(), backfill.startedAt())
                .map(contradiction -> closed(entity, "the last backfill proves nothing now: " + contradiction))
                .orElseGet(() -> new Open("finished, %s rows read".formatted(backfill.read()), REQUIRED));
    }

    private static Verdict running(String entity, long read, long total) {
        return Closed.counting(
                "the backfill has read %s of about %s rows".formatted(read, total),
                REQUIRED,
                remedy(entity),
                Math.max(0, total - read),
                "rows");
    }

    /** Whoever waits does not run the backfill; somebody else may. */
    private static Verdict closed(String entity, String seen) {
        return Closed.meanwhile(seen, REQUIRED, remedy(entity));
    }

    private static String remedy(String entity) {
        return "Run `crossfade backfill %s`.".formatted(entity);
    }
}
