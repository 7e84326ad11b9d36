package dev.crossfade.entities;

import dev.crossfade.capture.Capture;
import dev.crossfade.capture.CaptureState;
import dev.crossfade.control.AuthorityLock;
import dev.crossfade.control.Databases;
import dev.crossfade.control.EntityTables;
import dev.crossfade.control.EntityTables.SideTable;
import dev.crossfade.control.TableWriters;
import dev.crossfade.fleet.Fleet;
import dev.crossfade.model.Side;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;

/**
 * Finds whoever uses an entity under its name. Locks, triggers, intents and fences hold the name, so whoever went on
 * with the old one would bypass those of the new one.
 */
final class Quiet {

    /** Commands that copy, apply or decide. The others only read, or act in one statement. */
    private static final String[] COMMANDS = {
        "crossfade worker",
        "crossfade verify",
        "crossfade backfill",
        "crossfade recover",
        "crossfade capture",
        "crossfade stage",
        "crossfade migrate"
    };

    private final Databases databases;

    Quiet(Databases databases) {
        this.databases = databases;
    }

    /**
     * Takes the entity's locks for the caller's transaction of the control database.
     *
     * @return who uses it, in sentences; empty if nobody does
     */
    List<String> disturbances(DSLContext control, String entity) {
        List<String> found = new ArrayList<>();
        new Fleet(control)
                .live().stream()
                        .filter(member -> member.acknowledged().containsKey(entity))
                        .forEach(member -> found.add(
                                "The instance %s serves it. Stop it; one that has died counts until its liveness has passed."
                                        .formatted(member.instance().name())));
        for (Side side : databases.sides()) {
            commands(databases.dsl(side), side, found);
            captures(databases.dsl(side), entity, found);
        }
        for (SideTable table : EntityTables.of(control, entity)) {
            TableWriters.of(databases.dsl(table.side()), DSL.name(table.schema(), table.table()))
                    .forEach(writer -> found.add(
                            "The %s writes %s. Wait for it, or end it.".formatted(writer.description(), table)));
        }
        if (!tryLock(control, "crossfade/backfill/" + entity)) {
            found.add("Its backfill runs. End it with Ctrl-C.");
        }
        if (!tryLock(control, "crossfade/stage/" + entity) || !authorityRests(control, entity)) {
            found.add("Its stage is being changed. Wait for the end of that.");
        }
        return found;
    }

    /** Takes the entity's authority lock exclusively until the transaction ends; tells whether it was free. */
    static boolean tryAuthority(DSLContext transaction, String entity) {
        return tryLock(transaction, AuthorityLock.WRITING.name(entity));
    }

    private boolean authorityRests(DSLContext control, String entity) {
        return tryAuthority(control, entity)
                && (databases.areShared() || tryAuthority(databases.dsl(Side.MODERN), entity));
    }

    private static void commands(DSLContext database, Side side, List<String> found) {
        database.fetch("""
                        select pid, application_name from pg_stat_activity
                        where datname = current_database() and application_name = any (?) and pid <> pg_backend_pid()
                        """, (Object) COMMANDS)
                .forEach(row -> found.add("`%s` is connected to the %s side's database (process %s). End it."
                        .formatted(row.get(1), side.label(), row.get(0))));
    }

    private static void captures(DSLContext database, String entity, List<String> found) {
        Stream<CaptureState> installed =
                Capture.states(database).stream().filter(state -> state.entity().equals(entity));
        if (installed.findAny().isPresent()) {
            String remedy =
                    "Capture is installed, and its triggers note intents under this name. Remove it with `crossfade capture remove %s`; install it again afterwards."
                            .formatted(entity);
            if (!found.contains(remedy)) {
                found.add(remedy);
            }
        }
    }

    private static boolean tryLock(DSLContext transaction, String name) {
        return transaction
                .fetchSingle("select pg_try_advisory_xact_lock(hashtextextended(?, 0))", name)
                .get(0, boolean.class);
    }
}
