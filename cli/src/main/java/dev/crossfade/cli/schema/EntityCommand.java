package dev.crossfade.cli.schema;

import picocli.CommandLine.Command;

/** Groups the commands on entities' names. */
@Command(
        name = "entity",
        description = {
            "Shows which tables belong to which entity, renames entities, and forgets them.",
            "A table belongs to one entity: under a second name it would have a second stage, and both sides would be written."
        },
        footer = {
            "  crossfade entity list",
            "  crossfade entity rename user customer",
            "  crossfade entity forget usr --reason \"a typing mistake\""
        })
public final class EntityCommand {}
