package dev.crossfade.entities;

import dev.crossfade.control.AuthorityTable;
import dev.crossfade.control.AuthorityTable.Standing;
import dev.crossfade.control.Contractions;
import dev.crossfade.control.ControlTransaction;
import dev.crossfade.control.Databases;
import dev.crossfade.control.EntityTables;
import dev.crossfade.control.EntityTables.SideTable;
import dev.crossfade.control.FormerEntities;
import dev.crossfade.control.FormerEntities.Former;
import dev.crossfade.mapping.EntityName;
import dev.crossfade.model.InvalidInputException;
import dev.crossfade.model.RefusedException;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.model.UnavailableException;
import dev.crossfade.queue.QueueActions.Operator;
import dev.crossfade.sql.ServerMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;

/**
 * Renames and forgets entities in the control schemas of both databases.
 *
 * <p>Nobody may use the entity meanwhile. Between two databases the change is recorded in the control database first.
 * Then the modern database is changed, and last the control database, which records the end in the same transaction.
 * While a change is unfinished nobody can register either name, and the same call completes it from wherever it
 * stopped.
 */
public final class EntityNames {

    private final Databases databases;
    private final Quiet quiet;

    /** Works on the databases of both sides, which must both answer. */
    public EntityNames(Databases databases) {
        this.databases = databases;
        this.quiet = new Quiet(databases);
    }

    /** How a change ended. */
    public enum Ending {
        /** It was made now. */
        DONE,
        /** It had been interrupted, and was completed now. */
        COMPLETED,
        /** It had been made before; nothing was left to do. */
        DONE_BEFORE
    }

    /**
     * Renames an entity. Its stage, epoch, tables, intents, missed writes, flags, proofs and history go with it.
     *
     * @throws InvalidInputException if the entity is not known, or the new name cannot be one
     * @throws RefusedException if the new name is taken, or somebody uses the entity; every obstacle is named
     * @throws UnavailableException if a database fails; the same call completes the change
     */
    public Ending rename(String from, String to, Operator operator) {
        EntityName.require(to);
        if (from.equals(to)) {
            throw new InvalidInputException("'%s' is its name already. Name another one.".formatted(from));
        }
        return change(from, Optional.of(to), operator, rows -> rows.rename(from, to));
    }

    /**
     * Forgets an entity where nothing is lost by that: it is at {@code legacy-only}, or contracted, or at
     * {@code modern-only} without a legacy table. Its tables may then belong to another entity. Its history stays.
     *
     * @throws InvalidInputException if the entity is not known
     * @throws RefusedException if it is at another stage, or somebody uses it; every obstacle is named
     * @throws UnavailableException if a database fails; the same call completes the change
     */
    public Ending forget(String entity, Operator operator) {
        return change(entity, Optional.empty(), operator, rows -> rows.forget(entity));
    }

    /** A change of an entity's rows in one database. */
    @FunctionalInterface
    private interface Renaming {
        void make(EntityRows rows);
    }

    private Ending change(String entity, Optional<String> to, Operator operator, Renaming change) {
        try {
            Ending ending = ControlTransaction.across(databases.controlDsl())
                    .result(control -> begin(control, entity, to, operator));
            if (ending == Ending.DONE_BEFORE) {
                return ending;
            }
            if (!databases.areShared()) {
                ControlTransaction.on(databases.dsl(Side.MODERN)).run(modern -> {
                    takeAuthority(modern, entity);
                    change.make(new EntityRows(modern));
                });
            }
            ControlTransaction.on(databases.controlDsl()).run(control -> {
                EntityTables.lock(control);
                takeAuthority(control, entity);
                change.make(new EntityRows(control));
                FormerEntities.finish(control, entity);
            });
            return ending;
        } catch (DataAccessException e) {
            throw new UnavailableException(
                    "The names of '%s' could not be changed everywhere. Give the same command again: it goes on where it stopped, and nobody can use the entity before. The server said: %s"
                            .formatted(entity, ServerMessage.sentence(ServerMessage.of(e))),
                    e);
        }
    }

    private Ending begin(DSLContext control, String entity, Optional<String> to, Operator operator) {
        EntityTables.lock(control);
        Optional<Former> begun = FormerEntities.unfinished(control).stream()
                .filter(change ->
                        change.name().equals(entity) && change.renamedTo().equals(to))
                .findFirst();
        if (begun.isPresent()) {
            return Ending.COMPLETED;
        }
        FormerEntities.requireSettled(control, entity);
        to.ifPresent(name -> FormerEntities.requireSettled(control, name));
        Optional<Standing> standing = AuthorityTable.find(control, entity);
        if (standing.isEmpty()) {
            return requireDoneBefore(control, entity, to);
        }
        List<String> inTheWay = new ArrayList<>();
        to.ifPresentOrElse(
                name -> inTheWay.addAll(taken(control, name)),
                () -> losses(control, entity, standing.get().stage()).ifPresent(inTheWay::add));
        inTheWay.addAll(quiet.disturbances(control, entity));
        if (!inTheWay.isEmpty()) {
            throw new RefusedException("'%s' cannot be %s now. Nothing was done.%n- %s"
                    .formatted(
                            entity,
                            to.isPresent() ? "renamed" : "forgotten",
                            String.join(System.lineSeparator() + "- ", inTheWay)));
        }
        FormerEntities.begin(
                control, new Former(0, entity, to, standing.get().stage(), false), operator.name(), operator.reason());
        return Ending.DONE;
    }

    private static Ending requireDoneBefore(DSLContext control, String entity, Optional<String> to) {
        boolean before = FormerEntities.last(control, entity)
                .filter(change -> change.renamedTo().equals(to))
                .isPresent();
        if (before
                && to.map(name -> AuthorityTable.find(control, name).isPresent())
                        .orElse(true)) {
            return Ending.DONE_BEFORE;
        }
        Set<String> known = new TreeSet<>(AuthorityTable.all(control).keySet());
        throw new InvalidInputException("There is no entity '%s'. %s"
                .formatted(
                        entity,
                        known.isEmpty()
                                ? "None is known."
                                : "The entities are: %s.".formatted(String.join(", ", known))));
    }

    private List<String> taken(DSLContext control, String name) {
        Set<String> tables = new TreeSet<>(new EntityRows(control).tablesWith(name));
        if (!databases.areShared()) {
            tables.addAll(new EntityRows(databases.dsl(Side.MODERN)).tablesWith(name));
        }
        return tables.isEmpty()
                ? List.of()
                : List.of("The name '%s' is taken: there are rows of it in %s. Choose another one."
                        .formatted(name, String.join(", ", tables)));
    }

    private Optional<String> losses(DSLContext control, String entity, Stage stage) {
        if (stage == Stage.LEGACY_ONLY) {
            return Optional.empty();
        }
        if (stage != Stage.MODERN_ONLY) {
            return Optional.of(
                    "It stands at %s; registered again, it would begin at %s, and the modern side would fall behind unseen. Take it back to %s first, a step at a time, or keep it."
                            .formatted(stage.label(), Stage.LEGACY_ONLY.label(), Stage.LEGACY_ONLY.label()));
        }
        return isContracted(control, entity)
                ? Optional.empty()
                : Optional.of(
                        "It stands at %s and its legacy table may be there still; registered again, it would begin at %s with the rows of long ago. Contract it first; columns in place cannot be told from a table that is in use: keep the entity."
                                .formatted(stage.label(), Stage.LEGACY_ONLY.label()));
    }

    private boolean isContracted(DSLContext control, String entity) {
        if (Contractions.find(control, entity).isPresent()) {
            return true;
        }
        List<SideTable> legacy = EntityTables.of(control, entity).stream()
                .filter(table -> table.side() == Side.LEGACY)
                .toList();
        return !legacy.isEmpty()
                && legacy.stream()
                        .noneMatch(table -> control.fetchSingle(
                                        "select to_regclass(?) is not null",
                                        Databases.renderer().render(DSL.name(table.schema(), table.table())))
                                .get(0, boolean.class));
    }

    private static void takeAuthority(DSLContext transaction, String entity) {
        if (!Quiet.tryAuthority(transaction, entity)) {
            throw new RefusedException(
                    "Somebody writes '%s' at this moment. Find them by pg_stat_activity, end them, and give the same command again to complete it."
                            .formatted(entity));
        }
    }
}
