package dev.crossfade.cli;

import dev.crossfade.queue.QueueActions;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an operator did to missed writes.
 *
 * @param entity the entity that was named, null for all
 * @param key the key that was named, null for all
 * @param error the class of errors that was named, null for all
 * @param keys how many keys it met
 */
record QueueAction(
        String action,
        OffsetDateTime at,
        String by,
        @Nullable String reason,
        @Nullable String entity,
        @Nullable List<String> key,
        @Nullable String error,
        int keys) {

    static QueueAction of(QueueActions.RecordedAction entry) {
        return new QueueAction(
                entry.action(),
                entry.at(),
                entry.by(),
                entry.reason(),
                entry.filter().entity().orElse(null),
                entry.filter().key().map(one -> one.values()).orElse(null),
                entry.filter().error().orElse(null),
                entry.keys());
    }

    /** Returns a table of actions. */
    static Table table(List<QueueAction> actions) {
        Table table = new Table("WHEN", "ACTION", "KEYS", "ENTITY", "KEY", "ERROR", "BY", "WHY");
        for (QueueAction one : actions) {
            table.row(
                    Wording.moment(one.at()),
                    one.action(),
                    Wording.count(one.keys()),
                    one.entity() == null ? "all" : one.entity(),
                    one.key() == null ? "all" : String.join(",", one.key()),
                    one.error() == null ? "all" : one.error(),
                    one.by(),
                    one.reason() == null ? "" : one.reason());
        }
        return table;
    }
}
