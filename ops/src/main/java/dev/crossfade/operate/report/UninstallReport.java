package dev.crossfade.operate.report;

import dev.crossfade.finish.Uninstall.Contents;
import java.util.List;

/**
 * What was dropped, or would be.
 *
 * @param dropped whether it was dropped
 * @param obstacles what still needs the schema, in sentences; nothing if it may go
 * @param schemas what is in the schema of each database
 */
public record UninstallReport(boolean dropped, List<String> obstacles, List<Schema> schemas) {

    /** The schema in one side's database. */
    public record Schema(String side, List<String> tables, List<String> functions) {}

    public static UninstallReport of(boolean dropped, List<String> obstacles, List<Contents> contents) {
        return new UninstallReport(
                dropped,
                obstacles,
                contents.stream()
                        .map(one -> new Schema(one.side().label(), one.tables(), one.functions()))
                        .toList());
    }
}
