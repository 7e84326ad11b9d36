package dev.crossfade.finish;

import dev.crossfade.capture.Capture;
import dev.crossfade.capture.CaptureState;
import dev.crossfade.control.AuthorityTable;
import dev.crossfade.control.Contractions;
import dev.crossfade.control.Databases;
import dev.crossfade.control.FormerEntities;
import dev.crossfade.control.IdentityWatch;
import dev.crossfade.fleet.Fleet;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.queue.Intents;
import dev.crossfade.queue.MissedWrites;
import dev.crossfade.recover.RecoveryLog;
import dev.crossfade.schema.History;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.jooq.DSLContext;

/** Finds what still needs Crossfade's own schema: entities under migration, processes, triggers, and queued work. */
final class Needs {

    private final Databases databases;

    Needs(Databases databases) {
        this.databases = databases;
    }

    /**
     * Returns all of it, in sentences with their remedies; nothing if the schema may go.
     *
     * @param control a context on the control database
     * @param modern a context on the modern one, which may be the same
     */
    List<String> all(DSLContext control, DSLContext modern) {
        List<String> found = new ArrayList<>();
        entities(control, found);
        processes(control, modern, found);
        queued(control, modern, found);
        unfinished(control, found);
        for (Side side : databases.sides()) {
            triggers(side == Side.LEGACY ? control : modern, side, found);
        }
        return found;
    }

    private static void entities(DSLContext control, List<String> found) {
        Set<String> contracted = Contractions.all(control).keySet();
        new TreeMap<>(AuthorityTable.fences(control)).forEach((entity, fence) -> {
            Stage stage = fence.standing().stage();
            if (contracted.contains(entity)) {
                return;
            }
            if (stage != Stage.LEGACY_ONLY) {
                found.add("%s stands at %s. Contract it, or take it back to %s: see `crossfade finish %s`."
                        .formatted(entity, stage.label(), Stage.LEGACY_ONLY.label(), entity));
            }
            // A loss in the modern database is no objection at legacy-only: an earlier run of this command may have
            // caused it.
            fence.frozen()
                    .filter(reason -> !IdentityWatch.isOfModern(reason))
                    .ifPresent(reason -> found.add(
                            "%s is frozen: %s See `crossfade recover %s`.".formatted(entity, reason, entity)));
        });
    }

    private void processes(DSLContext control, DSLContext modern, List<String> found) {
        new Fleet(control)
                .live()
                .forEach(member -> found.add(
                        "The instance %s runs with Crossfade. Deploy the service without it, or stop it; one that has died counts until its liveness has passed."
                                .formatted(member.instance().name())));
        commands(control, Side.LEGACY, found);
        if (!databases.areShared()) {
            commands(modern, Side.MODERN, found);
        }
    }

    private static void commands(DSLContext database, Side side, List<String> found) {
        database.fetch("""
                        select application_name, min(pid) from pg_stat_activity
                        where datname = current_database() and application_name like 'crossfade %'
                            and application_name <> 'crossfade uninstall' and pid <> pg_backend_pid()
                        group by application_name
                        order by application_name
                        """)
                .forEach(row -> found.add("`%s` is connected to the %s side's database (process %s). End it."
                        .formatted(row.get(0), side.label(), row.get(1))));
    }

    private void queued(DSLContext control, DSLContext modern, List<String> found) {
        Intents.backlogs(control)
                .forEach((entity, backlog) ->
                        found.add("%s intents of %s wait. See `crossfade status`.".formatted(backlog.count(), entity)));
        if (!databases.areShared()) {
            Intents.backlogs(modern)
                    .forEach((entity, backlog) ->
                            found.add("%s intents of %s wait in the modern database. See `crossfade status`."
                                    .formatted(backlog.count(), entity)));
        }
        new MissedWrites(control)
                .tallies()
                .forEach((entity, tally) -> found.add("%s missed writes of %s are left. See `crossfade queue list %s`."
                        .formatted(tally.count(), entity, entity)));
    }

    private static void unfinished(DSLContext control, List<String> found) {
        FormerEntities.unfinished(control)
                .forEach(change -> found.add("`%s` was interrupted. Run it again first.".formatted(change.command())));
        History.halfDone(control)
                .forEach(version -> found.add(
                        "Migration %s is half done. Finish it: `crossfade migrate status`.".formatted(version)));
        RecoveryLog.unfinished(control)
                .forEach(entity ->
                        found.add("The recovery of %s was interrupted. Run `crossfade recover %s` again first."
                                .formatted(entity, entity)));
    }

    private static void triggers(DSLContext database, Side side, List<String> found) {
        List<String> captured = Capture.states(database).stream()
                .map(CaptureState::entity)
                .distinct()
                .toList();
        captured.forEach(entity -> {
            String remedy =
                    "Capture of %s is installed. Remove it: `crossfade capture remove %s`.".formatted(entity, entity);
            if (!found.contains(remedy)) {
                found.add(remedy);
            }
        });
        if (captured.isEmpty()) {
            OutsideUses.in(database)
                    .forEach(use -> found.add(
                            "In the %s side's database, %s uses the schema crossfade and would be dropped with it. Change or drop it first."
                                    .formatted(side.label(), use)));
        }
    }
}
