package dev.crossfade.cli;

import dev.crossfade.cli.Page.Tone;
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

    /** A missed write. */
    record Missed(
            String entity,
            List<String> key,
            String mirror,
            int attempts,
            boolean parked,
            String sqlState,
            String message,
            OffsetDateTime firstMissedAt,
            OffsetDateTime nextTryAt) {}

    @Override
    public void print(Page page) {
        page.title("Intents");
        Table backlog = new Table("ENTITY", "INTENTS");
        intents.forEach(
                one -> backlog.row(one.entity(), new StatusReport.Backlog(one.count(), one.oldestSeconds()).text()));
        page.table(backlog);
        if (intents.isEmpty()) {
            page.line("none");
        }
        page.gap();
        page.title("Missed writes");
        Table missed = new Table("ENTITY", "KEY", "MIRROR", "TRIES", "NEXT TRY", "STATE", "WHY");
        for (Missed one : missedWrites) {
            missed.row(
                    one.entity(),
                    String.join(",", one.key()),
                    one.mirror(),
                    one.attempts(),
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
