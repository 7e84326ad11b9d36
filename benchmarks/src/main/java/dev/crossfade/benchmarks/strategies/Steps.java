package dev.crossfade.benchmarks.strategies;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** The steps of a table's change, one after the other, each with its time. For one thread. */
final class Steps {

    private final LongSupplier clock;
    private final Consumer<String> progress;
    private final List<Window> taken = new ArrayList<>();

    /**
     * Creates a record of a strategy's steps.
     *
     * @param clock the load's clock
     * @param progress receives one line for each step
     */
    Steps(LongSupplier clock, Consumer<String> progress) {
        this.clock = clock;
        this.progress = progress;
    }

    /** The work of a step. */
    @FunctionalInterface
    interface Work {
        void run() throws Exception;
    }

    /** Runs a step that an operator has to take: a command, a statement or a deployment. */
    void take(String name, Work work) throws Exception {
        progress.accept(name + " …");
        long from = clock.getAsLong();
        work.run();
        taken.add(new Window(name, from, clock.getAsLong()));
    }

    List<Window> taken() {
        return List.copyOf(taken);
    }

    /** Returns the steps from the one with an index on. */
    List<Window> takenFrom(int first) {
        return List.copyOf(taken.subList(first, taken.size()));
    }

    Window last() {
        return taken.getLast();
    }
}
