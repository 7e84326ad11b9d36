package dev.crossfade.cli;

import picocli.CommandLine.Command;

/** Holds the commands on the queue together. */
@Command(
        name = "queue",
        description = "Shows and retries what waits for the mirror: intents and missed writes.",
        footer = {"  crossfade queue list user", "  crossfade queue retry user --key 42"})
final class QueueCommand {}
