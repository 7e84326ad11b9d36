package dev.crossfade.cli;

import dev.crossfade.model.InvalidInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/** Tells where to find the demo. It belongs to the sample service, because this jar carries no server. */
@Command(
        name = "demo",
        description = "Runs a whole migration under traffic. Part of the sample service; ./crossfade starts it.",
        footer = {"  ./crossfade demo", "  ./crossfade demo --topology two-databases --outage"})
final class DemoCommand implements Callable<Integer> {

    @Unmatched
    private final List<String> arguments = new ArrayList<>();

    @Override
    public Integer call() {
        throw new InvalidInputException("The demo is part of the sample service. Start it with `./crossfade %s`."
                .formatted(arguments.isEmpty() ? "demo" : "demo " + String.join(" ", arguments)));
    }
}
