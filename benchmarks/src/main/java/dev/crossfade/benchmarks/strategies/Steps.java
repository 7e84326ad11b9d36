package dev.crossfade.benchmarks.strategies;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** What is done to a table, one step after the other, each with its time. For one thread. */
final class Steps {

    private final LongSupplier clock;
    private final Consumer<String> progress;
    private final List<Window> taken = new ArrayList<>();

    /**
     * Notes the steps of a strategy.
     *
     * @param clock the load's
     * @param progress told each step
     */
    Steps(LongSupplier clock, Consumer<String> progress) {
        this.clock = clock;
        this.progress = progress;
    }

    /** What is done in a step. */
    @FunctionalInterface
    interface Work {
        void run() throws Exception;
    }

    /** Does something that an operator has to do: a command, a statement or a deployment. */
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
