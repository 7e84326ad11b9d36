package dev.crossfade.benchmarks.harness;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The order in which variants take their turns. */
final class Rotation {

    private Rotation() {}

    /**
     * Returns the order of round {@code round}, counted from 0. It begins with another variant each time, and runs
     * forwards in even rounds and backwards in odd ones, so that a variant does not always follow the same neighbour.
     */
    static <T> List<T> of(List<T> all, int round) {
        List<T> order = new ArrayList<>(all);
        Collections.rotate(order, -round);
        if (round % 2 != 0) {
            Collections.reverse(order.subList(1, order.size()));
        }
        return order;
    }
}
