package dev.crossfade.cli.schema;

import dev.crossfade.cli.terminal.Page;
import dev.crossfade.operate.report.EntityChangeReport;

/** Prints a {@link EntityChangeReport} for people. */
final class EntityChangeText {

    private EntityChangeText() {}

    static void print(EntityChangeReport report, Page page) {
        page.line(
                "%s %s%s.",
                report.entity(),
                report.renamedTo() == null ? "is forgotten" : "is called " + report.renamedTo() + " now",
                switch (report.ending()) {
                    case "completed" -> "; an interrupted run was completed";
                    case "done before" -> "; nothing was left to do";
                    default -> "";
                });
        if (report.renamedTo() != null) {
            page.line(
                    "Name it %s in the mapping file, and generate the repositories again before a service starts.",
                    report.renamedTo());
        }
    }
}
