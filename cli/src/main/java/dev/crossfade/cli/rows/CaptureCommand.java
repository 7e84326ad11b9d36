package dev.crossfade.cli.rows;

import picocli.CommandLine.Command;

/** Groups the commands on capture. */
@Command(
        name = "capture",
        description = {
            "Captures what is written past the service, by psql, batch jobs or other services: triggers on the tables of an "
                    + "entity note an intent for each key.",
            "Writes of the routing layer are told apart and pay nothing."
        },
        footer = {"  crossfade capture install user", "  crossfade capture status", "  crossfade capture remove user"})
public final class CaptureCommand {}
