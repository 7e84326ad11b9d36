package dev.crossfade.protocol;

import dev.crossfade.protocol.TogetherState.Party;
import dev.crossfade.protocol.TogetherState.Place;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Two rows that the mirror accepts only together: they swap a unique value, or they refer to each other. Writers
 * commit both with their intents; appliers find a refused row and add the other one. {@link Model} covers what each
 * does alone, so here a write is one step, and so is each statement.
 *
 * @param shape why they are accepted only together
 * @param writers how many writes each writer makes
 * @param appliers how many appliers there are
 * @param mishaps how many of these may be killed
 * @param left the rules that are left out
 */
record TogetherModel(Shape shape, List<Integer> writers, int appliers, int mishaps, Set<Rule> left)
        implements Explorable<TogetherState> {

    /** Why two rows are accepted only together. */
    enum Shape {
        /** Each has a value that the other one must not have. */
        UNIQUE_VALUES {
            @Override
            boolean admits(List<Integer> mirror) {
                return mirror.getFirst() <= TogetherState.ABSENT
                        || !mirror.getFirst().equals(mirror.getLast());
            }
        },
        /** Each refers to the other one, unless it was emptied. */
        REFERENCES {
            @Override
            boolean admits(List<Integer> mirror) {
                boolean both = mirror.stream().noneMatch(row -> row == TogetherState.ABSENT);
                return both || mirror.stream().noneMatch(row -> row > TogetherState.ABSENT);
            }
        };

        /** Tells whether the mirror's server accepts the rows. */
        abstract boolean admits(List<Integer> mirror);
    }

    TogetherModel without(Rule rule) {
        return new TogetherModel(shape, writers, appliers, mishaps, EnumSet.of(rule));
    }

    private boolean holds(Rule rule) {
        return !left.contains(rule);
    }

    @Override
    public TogetherState start() {
        List<Integer> rows = shape == Shape.UNIQUE_VALUES ? List.of(1, 2) : List.of(0, 0);
        List<Party> parties = new ArrayList<>();
        for (int i = 0; i < processes(); i++) {
            parties.add(Party.NEW);
        }
        return new TogetherState(rows, rows, 0, mishaps, List.copyOf(parties));
    }

    @Override
    public int processes() {
        return writers.size() + appliers;
    }

    @Override
    public void moves(TogetherState state, int self, Moves<TogetherState> moves) {
        if (self < writers.size()) {
            write(state, self, moves);
            return;
        }
        Party party = state.parties().get(self);
        switch (party.at()) {
            case IDLE -> choose(state, self, moves);
            case CHOSEN -> lock(state, self, moves);
            case LOCKED -> look(state, self, moves);
            case LOOKED ->
                moves.add(
                        "reads the rows",
                        state.with(self, party.with(state.authority()).at(Place.READ)));
            case READ -> apply(state, self, moves);
            case GIVEN_UP -> moves.add("writes the rows", state.with(self, party.at(Place.WRITTEN)));
            case WRITTEN ->
                moves.add(
                        "commits the mirror",
                        state.withMirror(written(state, party)).with(self, party.at(Place.COMMITTED)));
            case COMMITTED -> {
                int done = holds(Rule.TOGETHER_WITH_ALL_INTENTS) ? party.noted() : intentsOf(party);
                moves.add(
                        "deletes its intents and ends its locks",
                        state.withIntents(state.intents() & ~done).with(self, Party.NEW));
            }
            case DEAD -> {}
        }
        if (party.at() != Place.IDLE && state.mishaps() > 0) {
            moves.add("IS KILLED", state.with(self, Party.NEW).afterMishap());
        }
    }

    /** Writes both rows, or one of them while the other keeps its value. */
    private void write(TogetherState state, int self, Moves<TogetherState> moves) {
        Party party = state.parties().get(self);
        if (party.writes() == writers.get(self)) {
            return;
        }
        int one = state.authority().getFirst();
        int other = state.authority().getLast();
        if (one == TogetherState.ABSENT) {
            commit(state, self, List.of(2, 1), moves);
        } else {
            commit(state, self, List.of(0, 0), moves);
            commit(state, self, List.of(other, one), moves);
            if (shape == Shape.REFERENCES) {
                commit(state, self, List.of(3, other), moves);
            }
        }
    }

    private static void commit(TogetherState state, int self, List<Integer> rows, Moves<TogetherState> moves) {
        Party party = state.parties().get(self);
        TogetherState next =
                state.withAuthority(rows).with(self, new Party(Place.IDLE, party.writes() + 1, 0, 0, 0, List.of()));
        for (int key = 0; key < TogetherState.KEYS; key++) {
            if (!rows.get(key).equals(state.authority().get(key))) {
                next = next.withIntents(next.intents() | next.freshIntent(key));
            }
        }
        if (next.intents() != state.intents()) {
            moves.add("commits %s with intents".formatted(rows), next);
        }
    }

    /**
     * Takes one key if its row is accepted, as far as that shows without locks; otherwise both, with an intent for
     * the other one.
     */
    private void choose(TogetherState state, int self, Moves<TogetherState> moves) {
        for (int key = 0; key < TogetherState.KEYS; key++) {
            if (!state.isQueued(key)) {
                continue;
            }
            int own = state.intents() & TogetherState.intentsOf(key);
            if (shape.admits(replaced(state.mirror(), 1 << key, state.authority()))) {
                moves.add(
                        "takes key %d".formatted(key),
                        state.with(self, new Party(Place.CHOSEN, 0, 1 << key, 0, own, List.of())));
            } else if (holds(Rule.APPLIED_TOGETHER)) {
                int others = state.intents() & TogetherState.intentsOf(1 - key);
                TogetherState noted =
                        others == 0 ? state.withIntents(state.intents() | state.freshIntent(1 - key)) : state;
                moves.add(
                        "is refused key %d, and takes both".formatted(key),
                        noted.with(self, new Party(Place.CHOSEN, 0, ofBoth(key), 0, noted.intents(), List.of())));
            }
        }
    }

    /** The key that was refused is known by its bit beyond those of the keys. */
    private static int ofBoth(int refused) {
        return 3 | 4 << refused;
    }

    private void lock(TogetherState state, int self, Moves<TogetherState> moves) {
        Party party = state.parties().get(self);
        boolean both = (party.keys() & 3) == 3;
        int wanted = both && !holds(Rule.TOGETHER_UNDER_ALL_LOCKS) ? party.keys() >> 2 : party.keys() & 3;
        boolean held = state.parties().stream().anyMatch(other -> (other.locks() & wanted) != 0);
        moves.add(
                held ? "leaves out what is locked" : "locks its keys",
                state.with(self, held ? Party.NEW : party.locking(wanted).at(Place.LOCKED)));
    }

    private void look(TogetherState state, int self, Moves<TogetherState> moves) {
        Party party = state.parties().get(self);
        int existing = party.noted() & state.intents();
        boolean all = true;
        for (int key = 0; key < TogetherState.KEYS; key++) {
            all &= !party.hasInHand(key) || (existing & TogetherState.intentsOf(key)) != 0;
        }
        if (all) {
            moves.add(
                    "looks which intents exist",
                    state.with(self, party.noting(existing).at(Place.LOOKED)));
        } else {
            moves.add("finds intents gone", state.with(self, Party.NEW));
        }
    }

    private void apply(TogetherState state, int self, Moves<TogetherState> moves) {
        Party party = state.parties().get(self);
        List<Integer> after = written(state, party);
        boolean waits = state.parties().stream().anyMatch(Party::isWriting);
        if (waits || !shape.admits(after)) {
            moves.add(waits ? "gives up waiting" : "is refused", state.with(self, Party.NEW));
        } else if ((party.keys() & 3) != 3 || after.contains(TogetherState.ABSENT)) {
            moves.add("writes the rows", state.with(self, party.at(Place.WRITTEN)));
        } else {
            TogetherState next = state.with(self, party.at(Place.GIVEN_UP));
            boolean early = !holds(Rule.TOGETHER_IN_ONE_COMMIT);
            moves.add(
                    early ? "empties the rows and commits that" : "empties the rows",
                    early ? next.withMirror(List.of(TogetherState.EMPTIED, TogetherState.EMPTIED)) : next);
        }
    }

    private static int intentsOf(Party party) {
        int intents = 0;
        for (int key = 0; key < TogetherState.KEYS; key++) {
            intents |= party.hasInHand(key) ? TogetherState.intentsOf(key) : 0;
        }
        return intents;
    }

    private static List<Integer> written(TogetherState state, Party party) {
        return replaced(state.mirror(), party.keys(), party.rows());
    }

    private static List<Integer> replaced(List<Integer> rows, int keys, List<Integer> by) {
        List<Integer> next = new ArrayList<>(rows);
        for (int key = 0; key < TogetherState.KEYS; key++) {
            if ((keys & 1 << key) != 0) {
                next.set(key, by.get(key));
            }
        }
        return List.copyOf(next);
    }

    @Override
    public String violation(TogetherState state, boolean end) {
        if (state.mirror().contains(TogetherState.EMPTIED)) {
            return "the mirror shows a row that was emptied";
        }
        for (int key = 0; key < TogetherState.KEYS; key++) {
            boolean level = state.authority().get(key).equals(state.mirror().get(key));
            if (!level && !state.isQueued(key)) {
                return "the mirror of key %d is behind, and nothing will bring it up to date".formatted(key);
            }
            if (end && state.isQueued(key)) {
                return "key %d waits for ever".formatted(key);
            }
        }
        return shape.admits(state.mirror()) ? "" : "the mirror's server has taken what it must not";
    }

    @Override
    public String mover(TogetherState before, TogetherState after, int self) {
        return self < writers.size()
                ? "writer %d".formatted(self + 1)
                : "applier %d".formatted(self - writers.size() + 1);
    }

    @Override
    public TogetherState sharing(TogetherState state) {
        return state;
    }

    @Override
    public String toString() {
        return "%s, writes %s, %d appliers, %d mishaps".formatted(shape, writers, appliers, mishaps);
    }
}
