package dev.crossfade.protocol;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Visits every state that a scenario can get into, the nearest first, until one is wrong. */
final class Explorer {

    /**
     * What was found.
     *
     * @param states how many states there are, or were visited before one was wrong
     * @param ends how many of them are ends: nobody can move
     * @param violation what is wrong in the last state of the trace, empty if all states are right
     * @param trace the shortest way to it, a line a move
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

    /** How a state was first come to. */
    private record Origin(State before, int self, String what) {}

    private final Model model;
    private final Map<State, Origin> origins = new HashMap<>();
    private final Map<Actor, Actor> actors = new HashMap<>();
    private final ArrayDeque<State> open = new ArrayDeque<>();

    private Explorer(Scenario scenario) {
        this.model = new Model(scenario);
    }

    static Exploration explore(Scenario scenario) {
        return new Explorer(scenario).run();
    }

    private Exploration run() {
        int ends = 0;
        State start = model.start();
        origins.put(start, new Origin(start, 0, ""));
        open.add(start);
        while (!open.isEmpty()) {
            State state = open.remove();
            boolean end = !move(state);
            ends += end ? 1 : 0;
            String violation = model.violation(state, end);
            if (!violation.isEmpty()) {
                return new Exploration(origins.size(), ends, violation, trace(state));
            }
        }
        return new Exploration(origins.size(), ends, "", List.of());
    }

    /** Tells whether anybody can move. */
    private boolean move(State state) {
        boolean[] moved = {false};
        for (int i = 0; i < model.processes(); i++) {
            int self = i;
            model.moves(state, self, (what, next) -> {
                moved[0] = true;
                if (!origins.containsKey(next)) {
                    State kept = next.sharing(actor -> actors.computeIfAbsent(actor, one -> one));
                    origins.put(kept, new Origin(state, self, what));
                    open.add(kept);
                }
            });
        }
        return moved[0];
    }

    private List<String> trace(State last) {
        List<String> lines = new ArrayList<>();
        State state = last;
        for (Origin origin = origins.get(state); !origin.what().isEmpty(); origin = origins.get(state)) {
            lines.add(line(origin, state));
            state = origin.before();
        }
        Collections.reverse(lines);
        return lines;
    }

    private String line(Origin origin, State after) {
        Actor before = origin.before().actor(origin.self());
        Actor actor = before.at() == Step.IDLE ? after.actor(origin.self()) : before;
        Program program = model.program(origin.self());
        String work = program instanceof Writer ? ", " + actor.memory().write() : "";
        return "%s (key %d%s) %s".formatted(program.name(), actor.key(), work, origin.what());
    }
}
