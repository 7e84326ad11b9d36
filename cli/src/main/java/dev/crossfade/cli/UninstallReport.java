package dev.crossfade.cli;

import dev.crossfade.finish.Uninstall.Contents;
import java.util.List;

/**
 * What was dropped, or would be.
 *
 * @param dropped whether it was
 * @param obstacles what still needs the schema, in sentences; nothing if it may go
 * @param schemas what is in the schema of each database
 */
record UninstallReport(boolean dropped, List<String> obstacles, List<Schema> schemas) implements Report {

    /** The schema in one side's database. */
    record Schema(String side, List<String> tables, List<String> functions) {}

    static UninstallReport of(boolean dropped, List<String> obstacles, List<Contents> contents) {
        return new UninstallReport(
                dropped,
                obstacles,
                contents.stream()
                        .map(one -> new Schema(one.side().label(), one.tables(), one.functions()))
                        .toList());
    }

    @Override
    public void print(Page page) {
        for (Schema schema : schemas) {
            page.line(
                    schemas.size() == 1
                            ? "%3$s the schema crossfade: %1$s tables, %2$s functions."
                            : "%3$s the schema crossfade in the %4$s database: %1$s tables, %2$s functions.",
                    schema.tables().size(),
                    schema.functions().size(),
                    dropped ? "Dropped" : "To drop:",
                    schema.side());
            if (!dropped) {
                schema.tables().forEach(table -> page.line("  table %s", table));
                schema.functions().forEach(function -> page.line("  function %s", function));
            }
        }
        if (dropped) {
            page.line(
                    "The record of the migrations that were run has gone with it: run their files no more, or take them over into another tool.");
        }
        if (!obstacles.isEmpty()) {
            page.line("It cannot be dropped now:");
            obstacles.forEach(obstacle -> page.line("- %s", obstacle));
        }
    }
}
