package dev.crossfade.gate;

import dev.crossfade.control.Databases;
import dev.crossfade.flags.Gate;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.queue.Intents;
import dev.crossfade.queue.MissedWrites;

/**
 * What waits for the mirror is little enough before reads or the authority move. The last rest is worked off by the flip
 * of the authority itself.
 */
final class QueueDrained implements Gate {

    private static final int INTENTS_ALLOWED = 10_000;

    private final Databases databases;

    QueueDrained(Databases databases) {
        this.databases = databases;
    }

    @Override
    public String name() {
        return "queue drained";
    }

    @Override
    public Verdict check(Step step) {
        boolean readsMove = step.to() == Stage.MODERN_READ && step.from().stage() == Stage.SHADOW_READ;
        boolean authorityMoves = step.to().authority() != step.from().stage().authority();
        boolean mirrorEnds = step.to() == Stage.MODERN_ONLY;
        if (!readsMove && !authorityMoves && !mirrorEnds) {
            return new Open();
        }
        Side authority = step.from().stage().authority();
        int intents = Intents.count(databases.dsl(authority), step.entity());
        int missed = new MissedWrites(databases.controlDsl()).count(step.entity());
        if (intents <= INTENTS_ALLOWED && missed == 0) {
            return new Open();
        }
        return new Closed(
                "%d intents pending, %d allowed; %d missed writes, 0 allowed."
                        .formatted(intents, INTENTS_ALLOWED, missed),
                "Run `crossfade worker` or wait; see `crossfade queue list %s`.".formatted(step.entity()));
    }
}
