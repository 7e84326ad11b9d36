package dev.crossfade.operate.report;

import dev.crossfade.queue.MissedWrites;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The intents and missed writes that wait for the mirror.
 *
 * @param intents the entities that have intents
 * @param missedTotal how many missed writes there are
 * @param missedWrites those that are shown
 */
public record QueueReport(List<EntityBacklog> intents, long missedTotal, List<Missed> missedWrites) {

    /** The intents of an entity and the age of the oldest. */
    public record EntityBacklog(
            String entity, long count, @Nullable Double oldestSeconds) {}

    /**
     * A missed write.
     *
     * @param attempts how often its row did not fit
     * @param waits how often it was deferred for a row that it refers to
     */
    public record Missed(
            String entity,
            List<String> key,
            String mirror,
            int attempts,
            int waits,
            boolean parked,
            String sqlState,
            String message,
            OffsetDateTime firstMissedAt,
            OffsetDateTime nextTryAt) {

        public static Missed of(MissedWrites.MissedWrite write) {
            return new Missed(
                    write.entity(),
                    write.key().values(),
                    write.mirror().label(),
                    write.attempts(),
                    write.waits(),
                    write.parked(),
                    write.sqlState(),
                    write.message(),
                    write.firstMissedAt(),
                    write.nextTryAt());
        }
    }
}
