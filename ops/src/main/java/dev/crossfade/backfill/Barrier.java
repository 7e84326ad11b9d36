package dev.crossfade.backfill;

import dev.crossfade.control.AuthorityTable.Standing;
import dev.crossfade.control.Databases;
import dev.crossfade.control.TableWriters;
import dev.crossfade.control.TableWriters.Writer;
import dev.crossfade.flags.Gate;
import dev.crossfade.flags.Gate.Closed;
import dev.crossfade.flags.Gate.Step;
import dev.crossfade.gate.Gates;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.CrossfadeException;
import dev.crossfade.model.RefusedException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jooq.DSLContext;
import org.jooq.Name;

/**
 * What must be over before rows are read: every instance mirrors its writes, and every transaction that may have begun
 * before that has ended. Only then does each later write reach the mirror by itself, and each earlier one show in the
 * rows that are read.
 */
final class Barrier {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final Databases databases;
    private final BackfillListener listener;

    Barrier(Databases databases, BackfillListener listener) {
        this.databases = databases;
        this.listener = listener;
    }

    void pass(TableMapping mapping, Standing standing) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        awaitFleet(mapping.entity(), standing, deadline);
        awaitOldTransactions(mapping, deadline);
    }

    private void awaitFleet(String entity, Standing standing, long deadline) {
        Gate fleet = Gates.fleetAcknowledged(databases);
        Step step = new Step(entity, standing, standing.stage());
        while (fleet.check(step) instanceof Closed closed) {
            String message = "Gate '%s' is closed for %s: %s".formatted(fleet.name(), entity, closed.reason());
            if (System.nanoTime() > deadline) {
                throw new RefusedException(message + " " + closed.remedy());
            }
            listener.waiting(entity, message);
            pause();
        }
    }

    /**
     * Waits for what was begun before: transactions that have changed something, and those that only wait for their turn at
     * the table. An instance that stood still may have sent its statement under the stage of before.
     */
    private void awaitOldTransactions(TableMapping mapping, long deadline) {
        DSLContext legacy = databases.controlDsl();
        Name table = mapping.legacy().qualifiedName();
        String horizon = text(legacy, "select cast(pg_snapshot_xmax(pg_current_snapshot()) as text)");
        Set<String> before = TableWriters.of(legacy, table).stream()
                .map(Writer::transaction)
                .collect(Collectors.toSet());
        while (!isOver(legacy, horizon) || isAnyOpen(legacy, table, before)) {
            String message = "transactions that began before every instance mirrored %s are still open%s"
                    .formatted(mapping.entity(), oldest(legacy));
            if (System.nanoTime() > deadline) {
                throw new RefusedException(
                        "The backfill cannot begin: " + message + " End them, or wait and run it again.");
            }
            listener.waiting(mapping.entity(), message);
            pause();
        }
    }

    private static boolean isAnyOpen(DSLContext legacy, Name table, Set<String> transactions) {
        return !transactions.isEmpty()
                && TableWriters.of(legacy, table).stream().anyMatch(writer -> transactions.contains(writer.transaction()));
    }

    private static boolean isOver(DSLContext legacy, String horizon) {
        return Boolean.TRUE.equals(
                legacy.fetchSingle("select pg_snapshot_xmin(pg_current_snapshot()) >= cast(? as xid8)", horizon)
                        .get(0, Boolean.class));
    }

    private static String oldest(DSLContext legacy) {
        return legacy.fetchOptional("""
                        select pid, coalesce(nullif(application_name, ''), 'unnamed'), now() - xact_start
                        from pg_stat_activity where backend_xid is not null order by xact_start limit 1
                        """)
                .map(row -> "; the oldest is that of process %s (%s), open for %s."
                        .formatted(row.get(0), row.get(1), row.get(2)))
                .orElse(".");
    }

    private static String text(DSLContext database, String sql) {
        return String.valueOf(database.fetchSingle(sql).get(0));
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CrossfadeException("The backfill was interrupted before it began.", e);
        }
    }
}
