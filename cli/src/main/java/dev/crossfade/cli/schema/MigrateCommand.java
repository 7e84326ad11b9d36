package dev.crossfade.cli.schema;

import picocli.CommandLine.Command;

/** Groups the commands on migrations. */
@Command(
        name = "migrate",
        description = "Runs the versioned migrations (V<version>__<description>.up.sql and .down.sql).",
        footer = {"  crossfade migrate status", "  crossfade migrate up", "  crossfade migrate down --steps 1"})
public final class MigrateCommand {}
