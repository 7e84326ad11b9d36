package dev.crossfade.finish;

import dev.crossfade.control.AuthorityTable;
import dev.crossfade.control.AuthorityTable.Standing;
import dev.crossfade.control.Contractions;
import dev.crossfade.control.ControlTransaction;
import dev.crossfade.control.Databases;
import dev.crossfade.control.EntityTables;
import dev.crossfade.control.EntityTables.SideTable;
import dev.crossfade.mapping.JavaWords;
import dev.crossfade.model.InvalidInputException;
import dev.crossfade.model.RefusedException;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.schema.StageGate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jooq.impl.DSL;

/**
 * Records that a tool other than Crossfade's migrations has dropped an entity's legacy structures. The conditions are
 * those of a contract migration.
 *
 * @param databases the databases of both sides
 */
public record ContractedElsewhere(Databases databases) {

    private static final int LONGEST = 100;

    /**
     * Records the contraction. It does not check whether the entity is contracted already.
     *
     * @param by what has dropped them, for people: {@code flyway 17}
     * @param isMapped whether the mapping fits the present tables, so its legacy structures still exist
     * @throws InvalidInputException if the entity is not known, or {@code by} says nothing
     * @throws RefusedException if the entity is not ready to be contracted, or its legacy structures still exist; the
     *     message names every obstacle
     */
    public void record(String entity, String by, boolean isMapped) {
        if (by.isBlank() || by.strip().length() > LONGEST) {
            throw new InvalidInputException(
                    "--contracted-by takes what has taken the legacy structures away, in at most %s characters, for example \"flyway 17\"."
                            .formatted(LONGEST));
        }
        Standing standing = AuthorityTable.find(databases.controlDsl(), entity)
                .orElseThrow(() -> new InvalidInputException(
                        "There is no entity '%s'. See `crossfade entity list`.".formatted(entity)));
        List<String> obstacles = new ArrayList<>();
        if (standing.stage() != Stage.MODERN_ONLY) {
            obstacles.add("It stands at %s, and %s is required: `crossfade stage %s --to %s`."
                    .formatted(
                            standing.stage().label(),
                            Stage.MODERN_ONLY.label(),
                            entity,
                            standing.stage().next().orElse(Stage.MODERN_ONLY).label()));
        }
        new StageGate(databases)
                .leftovers(entity)
                .forEach(objection -> obstacles.add(JavaWords.capitalised(objection.reason())));
        presentStructures(entity, isMapped).ifPresent(obstacles::add);
        if (!obstacles.isEmpty()) {
            throw new RefusedException("%s is not contracted; nothing was recorded.%n- %s"
                    .formatted(entity, String.join("%n- ".formatted(), obstacles)));
        }
        ControlTransaction.on(databases.controlDsl())
                .run(control -> Contractions.record(control, by.strip(), List.of(entity)));
    }

    private Optional<String> presentStructures(String entity, boolean isMapped) {
        List<SideTable> tables = List.copyOf(EntityTables.of(databases.controlDsl(), entity));
        List<SideTable> modern =
                tables.stream().filter(table -> table.side() == Side.MODERN).toList();
        Optional<SideTable> present = tables.stream()
                .filter(table -> table.side() == Side.LEGACY)
                .filter(table -> !isInPlace(table, modern))
                .filter(this::isThere)
                .findFirst();
        return present.map("Its legacy table %s is there still: drop it first."::formatted)
                .or(() -> isMapped
                        ? Optional.of(
                                "Its mapping fits the tables as they are, so its legacy structures are there still: take them away first.")
                        : Optional.empty());
    }

    private boolean isInPlace(SideTable legacy, List<SideTable> modern) {
        return databases.areShared()
                && modern.stream()
                        .anyMatch(table -> table.schema().equals(legacy.schema())
                                && table.table().equals(legacy.table()));
    }

    private boolean isThere(SideTable table) {
        return databases
                .controlDsl()
                .fetchSingle(
                        "select to_regclass(?) is not null",
                        Databases.renderer().render(DSL.name(table.schema(), table.table())))
                .get(0, boolean.class);
    }
}
