package dev.crossfade.gate;

import dev.crossfade.control.Databases;
import dev.crossfade.flags.Gate;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.queue.Backlog;
import dev.crossfade.queue.Intents;
import dev.crossfade.queue.MissedWrites;
import dev.crossfade.queue.MissedWrites.Tally;
import dev.crossfade.time.DurationText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Requires a small backlog when reads or the authority move to the mirror, or when mirroring ends. A flip of the
 * authority drains the rest itself and allows no missed write, so on its way back this gate checks only missed
 * writes.
 */
final class BacklogWithinLimits implements Gate {

    private final Databases databases;
    private final GateSettings.Backlog limits;

    BacklogWithinLimits(Databases databases, GateSettings.Backlog limits) {
        this.databases = databases;
        this.limits = limits;
    }

    /** The backlog of the mirror. */
    private record Waiting(Backlog intents, Tally missedWrites) {

        int missed() {
            return missedWrites.count();
        }

        Duration oldest() {
            return Elapsed.duration(intents.oldestSeconds());
        }

        String text() {
            return "%s intents pending%s, %s missed writes"
                    .formatted(
                            intents.count(),
                            intents.count() == 0 ? "" : ", the oldest for " + DurationText.of(oldest()),
                            missed());
        }
    }

    @Override
    public String name() {
        return "backlog within limits";
    }

    @Override
    public Verdict check(Step step) {
        boolean readsMove = step.isFromTo(Stage.SHADOW_READ, Stage.MODERN_READ);
        if (!readsMove && !step.movesAuthority() && step.to() != Stage.MODERN_ONLY) {
            return new NotConcerned();
        }
        int missedAllowed = step.movesAuthority() ? 0 : limits.missedWrites();
        Waiting waiting = waiting(step.entity(), step.from().stage().authority());
        boolean missedTooMany = waiting.missed() > missedAllowed;
        boolean behind = step.isForward() && isBehind(waiting);
        String required = step.isForward()
                ? "at most %s intents, none older than %s, %s missed writes"
                        .formatted(limits.intents(), DurationText.of(limits.oldestIntent()), missedAllowed)
                : "%s missed writes".formatted(missedAllowed);
        if (!missedTooMany && !behind) {
            return new Open(waiting.text(), required);
        }
        List<String> remedies = new ArrayList<>();
        if (behind) {
            remedies.add("Run `crossfade worker` or wait.");
        }
        if (missedTooMany) {
            remedies.add("See `crossfade queue list %s`, repair the rows, then `crossfade queue retry %s`."
                    .formatted(step.entity(), step.entity()));
        }
        String remedy = String.join(" ", remedies);
        // Parked ones wait for an operator; the others are retried automatically.
        return waiting.missedWrites().parked() > missedAllowed
                ? new Closed(waiting.text(), required, remedy)
                : Closed.counting(
                        waiting.text(),
                        required,
                        remedy,
                        Math.max(0, waiting.intents().count() - limits.intents())
                                + Math.max(0, waiting.missed() - missedAllowed),
                        "keys");
    }

    private boolean isBehind(Waiting waiting) {
        return waiting.intents().count() > limits.intents() || waiting.oldest().compareTo(limits.oldestIntent()) > 0;
    }

    private Waiting waiting(String entity, Side authority) {
        return new Waiting(
                Intents.backlog(databases.dsl(authority), entity),
                new MissedWrites(databases.controlDsl()).tallies().getOrDefault(entity, Tally.NONE));
    }
}
