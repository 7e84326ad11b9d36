package dev.crossfade.protocol;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Visits every reachable state of a model, breadth first, until one violates an invariant.
 *
 * @param <S> the states of the model
 */
final class Explorer<S> {

    /**
     * The result of an exploration.
     *
     * @param states how many states there are, or were visited before a violation
     * @param ends how many of them are final: no process can move
     * @param violation the violation in the last state of the trace, empty if there is none
     * @param trace the shortest path to it, one line for each move
     */
    record Exploration(int states, int ends, String violation, List<String> trace) {

        boolean holds() {
            return violation.isEmpty();
        }

        @Override
        public String toString() {
            return holds()
                    ? "%d states, %d ends".formatted(states, ends)
                    : violation + ":\n  " + String.join("\n  ", trace);
        }
    }

    /** How a state was first reached. */
    private record Origin<S>(S before, int self, String what) {}

    private final Explorable<S> model;
    private final Map<S, Origin<S>> origins = new HashMap<>();
    private final ArrayDeque<S> open = new ArrayDeque<>();

    private Explorer(Explorable<S> model) {
        this.model = model;
    }

    static Exploration explore(Scenario scenario) {
        return explore(new Model(scenario));
    }

    static <S> Exploration explore(Explorable<S> model) {
        return new Explorer<>(model).run();
    }

    private Exploration run() {
        int ends = 0;
        S start = model.start();
        origins.put(start, new Origin<>(start, 0, ""));
        open.add(start);
        while (!open.isEmpty()) {
            S state = open.remove();
            boolean end = !move(state);
            ends += end ? 1 : 0;
            String violation = model.violation(state, end);
            if (!violation.isEmpty()) {
                return new Exploration(origins.size(), ends, violation, trace(state));
            }
        }
        return new Exploration(origins.size(), ends, "", List.of());
    }

    /** Tells whether any process can move. */
    private boolean move(S state) {
        boolean[] moved = {false};
        for (int i = 0; i < model.processes(); i++) {
            int self = i;
            model.moves(state, self, (what, next) -> {
                moved[0] = true;
                if (!origins.containsKey(next)) {
                    S kept = model.sharing(next);
                    origins.put(kept, new Origin<>(state, self, what));
                    open.add(kept);
                }
            });
        }
        return moved[0];
    }

    private List<String> trace(S last) {
        List<String> lines = new ArrayList<>();
        S state = last;
        for (Origin<S> origin = origins.get(state); !origin.what().isEmpty(); origin = origins.get(state)) {
            lines.add(model.mover(origin.before(), state, origin.self()) + " " + origin.what());
            state = origin.before();
        }
        Collections.reverse(lines);
        return lines;
    }
}
