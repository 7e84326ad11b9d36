package dev.crossfade.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which tables belong to which entity.
 *
 * @param unfinished commands that were interrupted, and are to be given again
 */
record EntityListReport(List<Entity> entities, List<String> unfinished) implements Report {

    /**
     * An entity.
     *
     * @param contracted how its legacy structures went, null while it has them
     * @param legacy its legacy table, null if it has not been registered since tables are recorded
     * @param modern its modern table, null as well
     */
    record Entity(
            String entity,
            String stage,
            StatusReport.@Nullable Contracted contracted,
            @Nullable String legacy,
            @Nullable String modern) {}

    @Override
    public void print(Page page) {
        Table table = new Table("ENTITY", "STAGE", "LEGACY", "MODERN");
        for (Entity one : entities) {
            boolean done = one.contracted() != null;
            table.row(
                    one.entity(),
                    done ? "contracted" : one.stage(),
                    done ? "gone" : text(one.legacy()),
                    text(one.modern()));
        }
        page.table(table);
        if (entities.isEmpty()) {
            page.line("No entity is known.");
        }
        unfinished.forEach(command -> page.line("Interrupted, give it again: %s", command));
    }

    private static String text(@Nullable String table) {
        return table == null ? "not recorded yet" : table;
    }
}
