package dev.crossfade.cli.schema;

import dev.crossfade.cli.terminal.Page;
import dev.crossfade.cli.terminal.Table;
import dev.crossfade.operate.report.EntityListReport;
import dev.crossfade.operate.report.EntityListReport.Entity;
import org.jspecify.annotations.Nullable;

/** Prints a {@link EntityListReport} for people. */
final class EntityListText {

    private EntityListText() {}

    static void print(EntityListReport report, Page page) {
        Table table = new Table("ENTITY", "STAGE", "LEGACY", "MODERN");
        for (Entity one : report.entities()) {
            boolean done = one.contracted() != null;
            table.row(
                    one.entity(),
                    done ? "contracted" : one.stage(),
                    done ? "gone" : text(one.legacy()),
                    text(one.modern()));
        }
        page.table(table);
        if (report.entities().isEmpty()) {
            page.line("No entity is known.");
        }
        report.unfinished().forEach(command -> page.line("Interrupted, give it again: %s", command));
    }

    private static String text(@Nullable String table) {
        return table == null ? "not recorded yet" : table;
    }
}
