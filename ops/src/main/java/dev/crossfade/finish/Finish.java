package dev.crossfade.finish;

import dev.crossfade.capture.Capture;
import dev.crossfade.control.AuthorityTable;
import dev.crossfade.control.AuthorityTable.Standing;
import dev.crossfade.control.Contractions;
import dev.crossfade.control.Contractions.Contraction;
import dev.crossfade.control.Databases;
import dev.crossfade.control.EntityTables;
import dev.crossfade.control.EntityTables.SideTable;
import dev.crossfade.control.FormerEntities;
import dev.crossfade.finish.FinishPlan.Contracted;
import dev.crossfade.finish.FinishPlan.Item;
import dev.crossfade.finish.FinishPlan.NotContracted;
import dev.crossfade.finish.FinishPlan.State;
import dev.crossfade.fleet.Fleet;
import dev.crossfade.mapping.JavaWords;
import dev.crossfade.model.InvalidInputException;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.schema.StageGate;
import dev.crossfade.schema.file.Migration;
import dev.crossfade.schema.file.Phase;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jooq.DSLContext;

/**
 * Says what is left to do for an entity, before or after its contraction. Changes nothing.
 *
 * @param databases the databases of both sides
 * @param pending the migrations that are not applied yet
 */
public record Finish(Databases databases, List<Migration> pending) {

    /**
     * Returns what is left to do.
     *
     * @throws InvalidInputException if the entity is not known; the message lists those that are
     */
    public FinishPlan plan(String entity) {
        DSLContext control = databases.controlDsl();
        Map<String, Standing> all = new TreeMap<>(AuthorityTable.all(control));
        Standing standing = all.get(entity);
        if (standing == null) {
            throw new InvalidInputException("There is no entity '%s'. %s"
                    .formatted(
                            entity,
                            all.isEmpty()
                                    ? "None is known."
                                    : "The entities are: %s.".formatted(String.join(", ", all.keySet()))));
        }
        Map<String, Contraction> contractions = Contractions.all(control);
        Contraction contraction = contractions.get(entity);
        if (contraction == null) {
            return new NotContracted(entity, standing.stage(), missing(entity, standing.stage()));
        }
        all.keySet().removeAll(contractions.keySet());
        List<Item> items = new ArrayList<>(code(entity));
        items.add(capture(entity));
        items.addAll(files(entity, contraction));
        items.add(uninstall(all));
        return new Contracted(entity, contraction, items);
    }

    private List<String> missing(String entity, Stage stage) {
        Optional<Stage> next = stage.next();
        if (next.isPresent()) {
            return List.of(
                    "It stands at %s. Take it to %s, a step at a time: `crossfade stage %s --to %s`."
                            .formatted(
                                    stage.label(),
                                    Stage.MODERN_ONLY.label(),
                                    entity,
                                    next.get().label()),
                    "Then its contract migration takes the legacy structures away: `crossfade migrate up`.");
        }
        List<String> missing = new ArrayList<>();
        new StageGate(databases)
                .leftovers(entity)
                .forEach(objection -> missing.add(JavaWords.capitalised(objection.reason())));
        List<String> files = contractMigrations(entity);
        missing.add(
                files.isEmpty()
                        ? "No contract migration of it is pending. Write one that takes its legacy structures%s away, with the lines `-- crossfade: phase=contract` and `-- crossfade: entity=%s`%s at its top, and run `crossfade migrate up`. If another tool has taken them away, record that: `crossfade finish %s --contracted-by \"…\"`."
                                .formatted(
                                        legacyTable(entity),
                                        entity,
                                        databases.areShared() ? "" : " and `-- crossfade: side=legacy`",
                                        entity)
                        : "Run its contract migration, %s: `crossfade migrate up`."
                                .formatted(String.join(", ", files)));
        return missing;
    }

    private String legacyTable(String entity) {
        return EntityTables.of(databases.controlDsl(), entity).stream()
                .filter(table -> table.side() == Side.LEGACY)
                .map(SideTable::toString)
                .collect(Collectors.collectingAndThen(
                        Collectors.joining(", "), tables -> tables.isEmpty() ? "" : " (%s)".formatted(tables)));
    }

    private List<String> contractMigrations(String entity) {
        return pending.stream()
                .filter(migration -> migration.phase() == Phase.CONTRACT)
                .filter(migration -> migration.entities().stream()
                        .map(name -> FormerEntities.presentName(databases.controlDsl(), name))
                        .anyMatch(entity::equals))
                .map(Migration::toString)
                .toList();
    }

    private List<Item> code(String entity) {
        String type = JavaWords.type(entity);
        List<String> serving = new Fleet(databases.controlDsl())
                .live().stream()
                        .filter(member -> member.acknowledged().containsKey(entity))
                        .map(member -> member.instance().name())
                        .toList();
        State state = serving.isEmpty() ? State.TO_CHECK : State.TO_DO;
        return List.of(
                new Item(
                        "code",
                        state,
                        "Use `new Plain%1$sRepository(dsl)`, with a jOOQ context on the modern database, in place of `new DualWrite%1$sRepository(crossfade)`: it is a %1$sRepository too, and reads and writes the modern table alone. Calls of write(…), read(…) and awaitMirror(…), and pairs of repositories written by hand, become plain jOOQ; Legacy%1$sRepository and Modern%1$sRepository are not needed any more."
                                .formatted(type)),
                new Item(
                        "deployment",
                        serving.isEmpty() ? State.DONE : State.TO_DO,
                        serving.isEmpty()
                                ? "No live instance serves %s through Crossfade.".formatted(entity)
                                : "Deploy that. %s live instances still serve %s through Crossfade, which is harmless: %s."
                                        .formatted(serving.size(), entity, String.join(", ", serving))));
    }

    private Item capture(String entity) {
        boolean left = databases.sides().stream()
                .flatMap(side -> Capture.states(databases.dsl(side)).stream())
                .anyMatch(state -> state.entity().equals(entity));
        return new Item(
                "capture",
                left ? State.TO_DO : State.DONE,
                left
                        ? "Its triggers on the modern side, or their functions, are there still and note nothing: `crossfade capture remove %s`."
                                .formatted(entity)
                        : "No capture of it is left.");
    }

    private List<Item> files(String entity, Contraction contraction) {
        String type = JavaWords.type(entity);
        List<String> more = contractMigrations(entity);
        return List.of(
                new Item(
                        "settings",
                        State.TO_CHECK,
                        "Take %s out of the service's settings: crossfade.transaction-entities, crossfade.lossy-writes-…, tenant(…), and rules for shadow reads."
                                .formatted(entity)),
                new Item(
                        "mapping",
                        State.TO_CHECK,
                        "Keep entities.%1$s in the mapping file as long as the build generates its classes; no command looks at it any more. To be rid of it, move %2$s, %2$sType, %2$sRepository and Plain%2$sRepository, and %2$sKey if there is one, from the generated sources to your own, and remove the section."
                                .formatted(entity, type)),
                new Item(
                        "migrations",
                        more.isEmpty() ? State.DONE : State.TO_DO,
                        more.isEmpty()
                                ? "Its contract migration, version %s, is applied. The files stay where they are."
                                        .formatted(String.join(", ", contraction.versions()))
                                : "More contract migrations of it are pending: %s. Run `crossfade migrate up`."
                                        .formatted(String.join(", ", more))));
    }

    /** The rest of Crossfade can go when the last entity is contracted. */
    private static Item uninstall(Map<String, Standing> others) {
        String standing = others.entrySet().stream()
                .map(other -> "%s stands at %s"
                        .formatted(other.getKey(), other.getValue().stage().label()))
                .collect(Collectors.joining(", "));
        return new Item(
                "uninstall",
                State.TO_DO,
                others.isEmpty()
                        ? "Every entity is contracted. When no instance and no worker runs with Crossfade any more, take its schema out of the database: `crossfade uninstall --dry-run`."
                        : "Crossfade's own schema is still needed: %s.".formatted(standing));
    }
}
