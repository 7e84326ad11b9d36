package dev.crossfade.settings;

import dev.crossfade.gate.GateSettings;
import dev.crossfade.schema.SchemaSettings;
import dev.crossfade.worker.WorkerSettings;
import java.nio.file.Path;
import java.util.Optional;

/**
 * All settings, checked. {@code toString} shows no password.
 *
 * @param legacy the database of the legacy schema and of the control schema
 * @param modern the database of the modern schema, empty when both schemas are in one database
 * @param mapping the mapping file
 * @param migrations the directory of the migrations
 * @param migrating how long migrations wait for locks, and how often they retry
 * @param modernWrite whether a service writes the modern mirror itself
 * @param gates what the gates require
 * @param worker the worker's settings
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
