package dev.crossfade.settings;

import dev.crossfade.gate.GateSettings;
import dev.crossfade.schema.SchemaSettings;
import dev.crossfade.worker.WorkerSettings;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The settings as a whole, checked. {@code toString} shows no password.
 *
 * @param legacy the database of the legacy schema and of the control schema
 * @param modern the database of the modern schema, empty when both schemas are in one database
 * @param mapping the mapping file
 * @param migrations the directory of the migrations
 * @param migrating how patient migrations are
 * @param modernWrite whether a service writes the modern mirror itself
 * @param gates what the gates require
 * @param worker how a worker goes about it
 */
public record Settings(
        DatabaseSettings legacy,
        Optional<DatabaseSettings> modern,
        Path mapping,
        Path migrations,
        SchemaSettings migrating,
        boolean modernWrite,
        GateSettings gates,
        WorkerSettings worker) {}
