package dev.crossfade.operate.report;

import dev.crossfade.queue.QueueActions;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An operator's action on missed writes.
 *
 * @param entity the entity that was named, null for all
 * @param key the key that was named, null for all
 * @param error the class of errors that was named, null for all
 * @param keys how many keys it affected
 */
public record QueueAction(
        String action,
        OffsetDateTime at,
        String by,
        @Nullable String reason,
        @Nullable String entity,
        @Nullable List<String> key,
        @Nullable String error,
        int keys) {

    public static QueueAction of(QueueActions.RecordedAction entry) {
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
}
