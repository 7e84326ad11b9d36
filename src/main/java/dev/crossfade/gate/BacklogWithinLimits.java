package dev.crossfade.gate;

import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.min;
import static org.jooq.impl.DSL.table;

import dev.crossfade.control.Databases;
import dev.crossfade.flags.Gate;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.queue.MissedWrites;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/**
 * Little enough waits for the mirror when reads or the authority move to it, or when it ends. The flip of the authority
 * works the rest off itself and allows no missed write; so on its way back, nothing but missed writes is looked at.
 */
final class BacklogWithinLimits implements Gate {

    private static final Field<OffsetDateTime> NOTED_AT = field(DSL.name("noted_at"), OffsetDateTime.class);

    private final Databases databases;
    private final GateSettings.Backlog limits;

    BacklogWithinLimits(Databases databases, GateSettings.Backlog limits) {
        this.databases = databases;
        this.limits = limits;
    }

    /**
     * What waits for the mirror.
     *
     * @param oldest the age of the oldest intent, null where there is none
     */
    private record Waiting(int intents, @Nullable Duration oldest, int missed) {

        String text() {
            return "%d intents pending%s, %d missed writes"
                    .formatted(intents, oldest == null ? "" : ", the oldest for " + Moments.text(oldest), missed);
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
                ? "at most %d intents, none older than %s, %d missed writes"
                        .formatted(limits.intents(), Moments.text(limits.oldestIntent()), missedAllowed)
                : "%d missed writes".formatted(missedAllowed);
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
        return new Closed(waiting.text(), required, String.join(" ", remedies));
    }

    private boolean isBehind(Waiting waiting) {
        return waiting.intents() > limits.intents()
                || (waiting.oldest() != null && waiting.oldest().compareTo(limits.oldestIntent()) > 0);
    }

    private Waiting waiting(String entity, Side authority) {
        int missed = new MissedWrites(databases.controlDsl()).count(entity);
        return databases
                .dsl(authority)
                .select(count(), Moments.age(min(NOTED_AT)))
                .from(table(DSL.name("crossfade", "intent")))
                .where(field(DSL.name("entity"), String.class).eq(entity))
                .fetchSingle(row -> new Waiting(
                        row.value1(), row.value2() == null ? null : Moments.duration(row.value2()), missed));
    }
}
