package dev.crossfade.protocol;

import dev.crossfade.protocol.GroupModel.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Two entities that share transactions, with two databases: a transaction runs in one of them, so both entities must
 * have their authority there. Operators request steps of one entity and of both. {@link FlipModel} covers the inside
 * of a flip, except the two commits of a step back.
 *
 * @param asked the steps that operators request, in order
 * @param shared how many transactions use both entities
 * @param single how many use the second one alone
 * @param mishaps how many processes may be killed
 * @param left the rules that are left out
 */
record GroupModel(List<Asked> asked, int shared, int single, int mishaps, Set<Rule> left) implements Explorable<State> {

    private static final int FIRST = 1;
    private static final int SECOND = 2;
    private static final int BOTH = 3;
    private static final int SERVICE = 0;
    private static final int JOB = 1;
    private static final int OPERATOR = 2;
    private static final int COMPLETER = 3;

    /**
     * A requested step.
     *
     * @param entities a bit for each
     * @param forward to the modern side, or back
     */
    record Asked(int entities, boolean forward) {

        @Override
        public String toString() {
            String which = entities == BOTH ? "both" : "entity " + entities;
            return which + (forward ? " forward" : " back");
        }
    }

    static Asked forward(int entities) {
        return new Asked(entities, true);
    }

    static Asked back(int entities) {
        return new Asked(entities, false);
    }

    /** The steps of a process. */
    enum Place {
        IDLE,
        BEGUN,
        USED_ONE,
        USED_ALL,
        HALF_COMMITTED,
        GATED,
        LOCKED,
        FENCED,
        HALF_RECORDED,
        DEAD
    }

    /**
     * A process.
     *
     * @param at its step
     * @param done how many transactions or steps it has finished
     * @param known which entities it knows to have moved
     * @param held a bit for each entity whose authority it holds
     */
    record Party(Place at, int done, int known, int held) {

        Party at(Place next) {
            return new Party(next, done, known, held);
        }

        Party holding(Place next, int entities) {
            return new Party(next, done, known, entities);
        }

        Party again() {
            return new Party(Place.IDLE, done, 0, 0);
        }

        Party over() {
            return new Party(Place.IDLE, done + 1, 0, 0);
        }
    }

    /**
     * A state.
     *
     * @param moved a bit for each entity whose authority is recorded on the modern side
     * @param fenced a bit for each entity that is fenced off there, on its way back
     * @param wrong the violations so far
     * @param mishaps crashes that may yet happen
     * @param parties the processes
     */
    record State(int moved, int fenced, String wrong, int mishaps, List<Party> parties) {

        State with(int self, Party party) {
            List<Party> next = new ArrayList<>(parties);
            next.set(self, party);
            return new State(moved, fenced, wrong, mishaps, List.copyOf(next));
        }

        State moved(int next, int nextFenced) {
            return new State(next, nextFenced, wrong, mishaps, parties);
        }

        State wrong(String what) {
            return new State(moved, fenced, what, mishaps, parties);
        }

        State afterMishap() {
            return new State(moved, fenced, wrong, mishaps - 1, parties);
        }

        /** Transactions hold the authority shared, steps exclusively. */
        boolean isHeldByTransactions(int entities) {
            return ((parties.get(SERVICE).held() | parties.get(JOB).held()) & entities) != 0;
        }

        boolean isHeldByAStep(int entities) {
            return (parties.get(OPERATOR).held() & entities) != 0;
        }
    }

    GroupModel without(Set<Rule> rules) {
        return new GroupModel(asked, shared, single, mishaps, Set.copyOf(rules));
    }

    private boolean holds(Rule rule) {
        return !left.contains(rule);
    }

    @Override
    public State start() {
        Party idle = new Party(Place.IDLE, 0, 0, 0);
        return new State(0, 0, "", mishaps, List.of(idle, idle, idle, idle));
    }

    @Override
    public int processes() {
        return 4;
    }

    @Override
    public void moves(State state, int self, Moves<State> moves) {
        switch (self) {
            case SERVICE -> transaction(state, self, shared, BOTH, moves);
            case JOB -> transaction(state, self, single, SECOND, moves);
            case OPERATOR -> step(state, moves);
            default -> complete(state, moves);
        }
        Party party = state.parties().get(self);
        if (party.at() == Place.HALF_COMMITTED && state.mishaps() > 0) {
            moves.add(
                    "IS KILLED",
                    state.wrong("half of a transaction is committed")
                            .with(self, party.over())
                            .afterMishap());
        } else if (self == OPERATOR && party.held() != 0 && state.mishaps() > 0) {
            moves.add(
                    "IS KILLED", state.with(self, party.holding(Place.DEAD, 0)).afterMishap());
        }
    }

    // transactions

    private void transaction(State state, int self, int most, int uses, Moves<State> moves) {
        Party party = state.parties().get(self);
        switch (party.at()) {
            case IDLE -> {
                if (party.done() < most) {
                    moves.add("begins", state.with(self, new Party(Place.BEGUN, party.done(), state.moved(), 0)));
                }
            }
            case BEGUN -> {
                for (int entity : uses == BOTH ? List.of(FIRST, SECOND) : List.of(SECOND)) {
                    Place next = uses == BOTH ? Place.USED_ONE : Place.USED_ALL;
                    use(state, self, entity, next, moves);
                }
            }
            case USED_ONE -> {
                boolean apart = (party.known() & BOTH) != 0 && (party.known() & BOTH) != BOTH;
                if (apart && holds(Rule.TRANSACTION_HAS_ONE_DATABASE)) {
                    boolean steady = party.known() == state.moved() && state.fenced() == 0;
                    State next = steady ? state.wrong("a transaction of both is refused") : state;
                    moves.add("is refused, as they are apart", next.with(self, party.again()));
                } else {
                    use(state, self, BOTH & ~party.held(), Place.USED_ALL, moves);
                }
            }
            case HALF_COMMITTED -> moves.add("commits in the other database", state.with(self, party.over()));
            default -> commit(state, self, moves);
        }
    }

    /** Writes an entity once its authority is held and its epoch proven; otherwise the transaction runs again. */
    private static void use(State state, int self, int entity, Place next, Moves<State> moves) {
        Party party = state.parties().get(self);
        if (state.isHeldByAStep(entity)) {
            return;
        }
        boolean known = (party.known() & entity) == (state.moved() & entity) && (state.fenced() & entity) == 0;
        moves.add(
                "%s entity %d".formatted(known ? "writes" : "learns of another epoch of", entity),
                state.with(self, known ? party.holding(next, party.held() | entity) : party.again()));
    }

    private static void commit(State state, int self, Moves<State> moves) {
        Party party = state.parties().get(self);
        boolean elsewhere = (party.known() & party.held()) != (state.moved() & party.held());
        int modern = party.known() & party.held();
        if (elsewhere) {
            moves.add("commits", state.wrong("an acknowledged write is lost").with(self, party.over()));
        } else if (modern == 0 || modern == party.held()) {
            moves.add("commits", state.with(self, party.over()));
        } else {
            moves.add("commits in one database", state.with(self, party.at(Place.HALF_COMMITTED)));
        }
    }

    // steps

    private void step(State state, Moves<State> moves) {
        Party party = state.parties().get(OPERATOR);
        if (party.done() == asked.size()) {
            return;
        }
        Asked step = asked.get(party.done());
        switch (party.at()) {
            case IDLE -> ask(state, party, step, moves);
            case GATED -> {
                int wanted =
                        holds(Rule.TOGETHER_STEP_HOLDS_ALL) ? step.entities() : Integer.lowestOneBit(step.entities());
                if (!state.isHeldByTransactions(wanted)) {
                    moves.add("keeps writers out", state.with(OPERATOR, party.holding(Place.LOCKED, wanted)));
                }
            }
            case LOCKED -> {
                if (step.forward()) {
                    record(state, party, step, moves);
                } else {
                    moves.add(
                            "fences the modern database off",
                            state.moved(state.moved(), step.entities()).with(OPERATOR, party.at(Place.FENCED)));
                }
            }
            case FENCED -> record(state, party, step, moves);
            case HALF_RECORDED ->
                moves.add(
                        "records the other one",
                        recorded(state, step, step.entities()).with(OPERATOR, party.over()));
            default -> {}
        }
    }

    private void ask(State state, Party party, Asked step, Moves<State> moves) {
        int there = step.forward() ? state.moved() : BOTH & ~state.moved();
        boolean leavesOne = (step.entities() | there) != BOTH;
        boolean isThere = (step.entities() & ~there) == 0;
        boolean closed = isThere || (leavesOne && holds(Rule.MOVES_TOGETHER));
        moves.add(
                closed ? "is refused" : "finds the gates open",
                state.with(OPERATOR, closed ? party.over() : party.at(Place.GATED)));
    }

    private void record(State state, Party party, Asked step, Moves<State> moves) {
        boolean one = !holds(Rule.TOGETHER_IN_ONE_STEP) && step.entities() == BOTH;
        moves.add(
                one ? "records the first one" : "records it",
                recorded(state, step, one ? FIRST : step.entities())
                        .with(OPERATOR, one ? party.holding(Place.HALF_RECORDED, 0) : party.over()));
    }

    private static State recorded(State state, Asked step, int entities) {
        return step.forward()
                ? state.moved(state.moved() | entities, state.fenced())
                : state.moved(state.moved() & ~entities, state.fenced() & ~entities);
    }

    /** Whoever finds a half-done step completes it, one entity at a time. */
    private static void complete(State state, Moves<State> moves) {
        for (int entity : List.of(FIRST, SECOND)) {
            boolean free = !state.isHeldByAStep(entity) && !state.isHeldByTransactions(entity);
            if ((state.fenced() & entity) != 0 && free) {
                moves.add(
                        "records entity %d".formatted(entity),
                        state.moved(state.moved() & ~entity, state.fenced() & ~entity));
            }
        }
    }

    @Override
    public String violation(State state, boolean end) {
        if (end && (state.fenced() != 0 || (state.moved() != 0 && state.moved() != BOTH))) {
            return "they stay apart";
        }
        return state.wrong();
    }

    @Override
    public String mover(State before, State after, int self) {
        return switch (self) {
            case SERVICE -> "the transaction of both";
            case JOB -> "the transaction of one";
            case OPERATOR -> "the operator";
            case COMPLETER -> "an instance";
            default -> throw new IllegalArgumentException("there is no process %d".formatted(self));
        };
    }

    @Override
    public State sharing(State state) {
        return state;
    }

    @Override
    public String toString() {
        return "%s, %d transactions of both and %d of one, %d mishaps".formatted(asked, shared, single, mishaps);
    }
}
