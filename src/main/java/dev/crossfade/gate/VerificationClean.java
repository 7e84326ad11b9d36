package dev.crossfade.gate;

import dev.crossfade.control.VerificationTable;
import dev.crossfade.control.VerificationTable.Last;
import dev.crossfade.flags.Gate;
import dev.crossfade.flags.StageHistory;
import dev.crossfade.model.Stage;
import dev.crossfade.queue.QueueActions;
import dev.crossfade.time.DurationText;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.jooq.DSLContext;

/**
 * Requires a proof, since the mirror was last switched on, that the sides are equal before reads or the authority
 * move to it. Only steps forward limit its age. A step back needs it only if the legacy side missed writes, after
 * {@code MODERN_ONLY}, and then at any age: the mirror has followed since.
 */
final class VerificationClean implements Gate {

    private final DSLContext control;
    private final Proofs proofs;
    private final Duration oldest;

    VerificationClean(DSLContext control, Proofs proofs, Duration oldest) {
        this.control = control;
        this.proofs = proofs;
        this.oldest = oldest;
    }

    @Override
    public String name() {
        return "verification clean";
    }

    @Override
    public Verdict check(Step step) {
        if (step.isForward()) {
            return step.to() == Stage.MODERN_READ || step.to() == Stage.MODERN_PRIMARY
                    ? judge(
                            step,
                            StageHistory.lastMove(
                                    control, step.entity(), Stage.LEGACY_ONLY.name(), Stage.DUAL_WRITE.name()))
                    : new NotConcerned();
        }
        if (!step.isFromTo(Stage.MODERN_PRIMARY, Stage.MODERN_READ)) {
            return new NotConcerned();
        }
        Optional<OffsetDateTime> mirroringAgain =
                StageHistory.lastMove(control, step.entity(), Stage.MODERN_ONLY.name(), Stage.MODERN_PRIMARY.name());
        return mirroringAgain.isEmpty() ? new NotConcerned() : judge(step, mirroringAgain);
    }

    private Verdict judge(Step step, Optional<OffsetDateTime> mirroringSince) {
        String verify = "Run `crossfade verify %s`.".formatted(step.entity());
        String required = "0 differences, found since the mirror was switched on"
                + (step.isForward() ? " and at most %s ago".formatted(DurationText.of(oldest)) : "");
        Optional<Last> found = VerificationTable.last(control, step.entity());
        if (found.isEmpty()) {
            return Closed.meanwhile("the sides were never compared", required, verify);
        }
        Last last = found.get();
        if (last.differences() > 0) {
            return new Closed(
                    "the last comparison found %s differences".formatted(last.differences()),
                    required,
                    "Run `crossfade verify %s --repair`, then verify again.".formatted(step.entity()));
        }
        if (mirroringSince.isPresent() && last.started().isBefore(mirroringSince.get())) {
            return Closed.meanwhile("the last comparison is from before the mirror was switched on", required, verify);
        }
        if (QueueActions.lastDiscardAt(control, step.entity())
                .filter(last.started()::isBefore)
                .isPresent()) {
            return Closed.meanwhile("missed writes were discarded since the last comparison", required, verify);
        }
        Optional<String> contradiction = proofs.contradiction(step.entity(), last.evidence(), last.started());
        if (contradiction.isPresent()) {
            return Closed.meanwhile("the last comparison proves nothing now: " + contradiction.get(), required, verify);
        }
        String seen = "0 differences, %s ago".formatted(DurationText.of(last.age()));
        return step.isForward() && last.age().compareTo(oldest) > 0
                ? Closed.meanwhile(seen, required, verify)
                : new Open(seen, required);
    }
}
