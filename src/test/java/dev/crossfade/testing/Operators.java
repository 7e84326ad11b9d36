package dev.crossfade.testing;

import dev.crossfade.queue.MissedFilter;
import dev.crossfade.queue.QueueActions;
import dev.crossfade.queue.QueueActions.Action;
import dev.crossfade.queue.QueueActions.Operator;
import org.jooq.DSLContext;

/** What operators do to missed writes. */
public final class Operators {

    private Operators() {}

    /** Makes an entity's missed writes due at once, parked ones too, as {@code crossfade queue retry} does. */
    public static void retry(DSLContext control, String entity) {
        new QueueActions(control)
                .act(Action.RETRY, MissedFilter.of(entity), new Operator("test", null), Integer.MAX_VALUE);
    }
}
