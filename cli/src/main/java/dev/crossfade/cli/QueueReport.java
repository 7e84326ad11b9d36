package dev.crossfade.cli;

import dev.crossfade.cli.Page.Tone;
import dev.crossfade.queue.MissedWrites;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What waits for the mirror.
 *
 * @param intents the entities that have intents
 * @param missedTotal how many missed writes there are
 * @param missedWrites those that are shown
 */
record QueueReport(List<EntityBacklog> intents, long missedTotal, List<Missed> missedWrites) implements Report {

    /** The intents of an entity and the age of the oldest. */
    record EntityBacklog(
            String entity, long count, @Nullable Double oldestSeconds) {}

    /**
     * A missed write.
     *
     * @param attempts how often its row did not fit
     * @param waits how often it was put off for a row that it refers to
     */
    record Missed(
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

        static Missed of(MissedWrites.MissedWrite write) {
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

        String tries() {
            String tried = attempts == 1 ? "1 try" : attempts + " tries";
            return waits == 0
                    ? tried
                    : attempts == 0 ? "waited %s×".formatted(waits) : "%s, waited %s×".formatted(tried, waits);
        }
    }

    @Override
    public void print(Page page) {
        page.title("Intents");
        Table backlog = new Table("ENTITY", "INTENTS");
        intents.forEach(one ->
                backlog.row(one.entity(), new StatusReport.IntentCount(one.count(), one.oldestSeconds()).text()));
        page.table(backlog);
        if (intents.isEmpty()) {
            page.line("none");
        }
        page.gap();
        page.title("Missed writes");
        Table missed = new Table("ENTITY", "KEY", "MIRROR", "SO FAR", "NEXT TRY", "STATE", "WHY");
        for (Missed one : missedWrites) {
            missed.row(
                    one.entity(),
                    String.join(",", one.key()),
                    one.mirror(),
                    one.tries(),
                    one.parked() ? Table.cell("parked", Tone.BAD) : Wording.moment(one.nextTryAt()),
                    one.sqlState(),
                    one.message());
        }
        page.table(missed);
        if (missedWrites.isEmpty()) {
            page.line("none");
        } else if (missedTotal > missedWrites.size()) {
            page.line(
                    "%s of %s are shown; see --limit.", Wording.count(missedWrites.size()), Wording.count(missedTotal));
        }
    }
}
