package dev.crossfade.queue;

import org.jooq.DSLContext;

/**
 * Wishes that all keys of an entity be compared, because nobody can say which of them were written: after a
 * {@code TRUNCATE}, or a restore of a part of a table.
 */
public final class SweepRequests {

    private SweepRequests() {}

    /**
     * Makes the sweep of an entity due at once, from its first key; one that is under way begins anew. Counts once the
     * transaction of {@code control}, if it has one, is committed. In SQL: {@code select crossfade.request_sweep('user')}.
     */
    public static void request(DSLContext control, String entity) {
        control.execute("select crossfade.request_sweep(?)", entity);
    }
}
