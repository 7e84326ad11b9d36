package dev.crossfade.schema;

import dev.crossfade.schema.file.Migration;
import java.time.Duration;

/**
 * The result of running one migration: applied by {@link SchemaRunner#up()}, reverted by {@link SchemaRunner#down}.
 *
 * @param resumed whether an interrupted run was finished
 * @param duration how long this run took, waits for locks included
 */
public record MigrationRun(Migration migration, boolean resumed, Duration duration) {}
