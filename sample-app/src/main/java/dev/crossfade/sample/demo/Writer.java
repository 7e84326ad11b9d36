package dev.crossfade.sample.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** One client: picks operations by their weights and does them one after the other. Not thread-safe. */
final class Writer {

    private final Random random;
    private final Ledger ledger;
    private final OwnGroups own;
    private final List<Operation> operations = new ArrayList<>();
    private final int weights;

    Writer(Workplace workplace, Share share, Counters counters) {
        this.random = workplace.random();
        this.ledger = workplace.ledger();
        this.own = new OwnGroups(workplace, share);
        operations.addAll(own.reads());
        operations.addAll(new OwnWrites(workplace, own).operations());
        operations.addAll(new HotWrites(workplace, counters).operations());
        this.weights = operations.stream().mapToInt(Operation::weight).sum();
    }

    /** Does one operation. A failure is counted, and the records it may have changed are no longer checked. */
    void step() {
        Operation operation = pick();
        long start = System.nanoTime();
        try {
            operation.action().run();
        } catch (RuntimeException e) {
            ledger.failed(operation.name(), e);
            own.giveUp();
        } finally {
            ledger.ended(System.nanoTime() - start);
        }
    }

    /** Returns the expected tables, by the answers that this writer got. */
    Model model() {
        return own.model();
    }

    private Operation pick() {
        int place = random.nextInt(weights);
        for (Operation operation : operations) {
            place -= operation.weight();
            if (place < 0) {
                return operation;
            }
        }
        throw new IllegalStateException("No operation has the weight " + place + ".");
    }
}
