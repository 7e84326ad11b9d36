package dev.crossfade.gate;

import dev.crossfade.flags.Gate;
import dev.crossfade.flags.StageHistory;
import dev.crossfade.time.DurationText;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.jooq.DSLContext;

/** Requires that the entity has been at its stage for a while before it moves on. Steps back never wait. */
final class Stable implements Gate {

    private final DSLContext control;
    private final Duration atLeast;

    Stable(DSLContext control, Duration atLeast) {
        this.control = control;
        this.atLeast = atLeast;
    }

    @Override
    public String name() {
        return "stable";
    }

    @Override
    public Verdict check(Step step) {
        if (!step.isForward() || atLeast.isZero()) {
            return new NotConcerned();
        }
        String required = "at least %s at %s"
                .formatted(DurationText.of(atLeast), step.from().stage().label());
        Optional<OffsetDateTime> entered =
                StageHistory.lastEntered(control, step.entity(), step.from().stage());
        if (entered.isEmpty()) {
            return new Open("it has never moved", required);
        }
        Duration age = Elapsed.ageOf(control, entered.get());
        String seen =
                "%s at %s".formatted(DurationText.of(age), step.from().stage().label());
        return age.compareTo(atLeast) >= 0
                ? new Open(seen, required)
                : new Closed(
                        seen,
                        required,
                        "Wait for another %s.".formatted(DurationText.of(atLeast.minus(age))),
                        Optional.of(new Outlook.Timed(atLeast.minus(age))));
    }
}
