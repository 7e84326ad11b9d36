package dev.crossfade.cli.queue;

import picocli.CommandLine.Command;

/** Groups the commands on the queue. */
@Command(
        name = "queue",
        description = "Shows what waits for the mirror, intents and missed writes, and decides about missed writes.",
        footer = {
            "  crossfade queue list user",
            "  crossfade queue show user --key 42",
            "  crossfade queue retry user --key 42",
            "  crossfade queue park user --error 22001 --reason \"ticket 4711\"",
            "  crossfade queue discard user --key 42 --reason \"ticket 4711\""
        })
public final class QueueCommand {}
