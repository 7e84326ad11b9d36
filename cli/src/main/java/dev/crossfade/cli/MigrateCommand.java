package dev.crossfade.cli;

import picocli.CommandLine.Command;

/** Holds the commands on migrations together. */
@Command(
        name = "migrate",
        description = "Runs the versioned migrations (V<version>__<description>.up.sql and .down.sql).",
        footer = {"  crossfade migrate status", "  crossfade migrate up", "  crossfade migrate down --steps 1"})
final class MigrateCommand {}
