package dev.crossfade.protocol;

import static dev.crossfade.model.Stage.MODERN_ONLY;
import static dev.crossfade.model.Stage.MODERN_PRIMARY;
import static dev.crossfade.model.Stage.MODERN_READ;

import dev.crossfade.model.Stage;
import dev.crossfade.protocol.ContractionModel.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A migration that drops the legacy side of an entity, and may be reverted, with concurrent operators who move the
 * entity back and a writer. The other models cover mirroring and flips: here each is one step.
 *
 * @param transactional whether the migration's statements run in one transaction
 * @param reverted whether the migration is reverted in the end
 * @param missed whether a write of legacy was missed, and its gate was overruled when the authority moved
 * @param back how many operators move the entity a step back
 * @param mishaps how many processes may be killed
 * @param left the rules that are left out
 */
record ContractionModel(boolean transactional, boolean reverted, boolean missed, int back, int mishaps, Set<Rule> left)
        implements Explorable<State> {

    private static final int WRITES = 2;
    private static final int WRITER = 0;
    private static final int REPAIR = 1;
    private static final int MIGRATION = 2;
    private static final int GONE = -1;

    /** The steps of a process. */
    enum Place {
        IDLE,
        ASKED,
        LOCKED,
        CLEAR,
        HALF,
        DONE,
        HALF_REVERTED,
        ENDED
    }

    /**
     * A process.
     *
     * @param at its step
     * @param from the stage that it saw
     * @param locks whether it has the lock on the stage
     */
    record Party(Place at, Stage from, boolean locks) {

        static final Party NEW = new Party(Place.IDLE, MODERN_ONLY, false);

        Party at(Place next) {
            return new Party(next, from, locks);
        }

        Party over() {
            return new Party(Place.ENDED, MODERN_ONLY, false);
        }
    }

    /**
     * A state.
     *
     * @param stage the recorded stage
     * @param contracted whether it is recorded that the entity is contracted
     * @param missed whether a missed write is noted
     * @param legacy the legacy row, {@code -1} if there is no legacy table
     * @param modern the modern row
     * @param intents whether the legacy row is stale, with an intent
     * @param proven whether a verification that found both sides equal counts
     * @param mishaps crashes that may yet happen
     * @param parties the processes
     */
    record State(
            Stage stage,
            boolean contracted,
            boolean missed,
            int legacy,
            int modern,
            boolean intents,
            boolean proven,
            int mishaps,
            List<Party> parties) {

        State with(int self, Party party) {
            List<Party> next = new ArrayList<>(parties);
            next.set(self, party);
            return new State(stage, contracted, missed, legacy, modern, intents, proven, mishaps, List.copyOf(next));
        }

        State at(Stage next, boolean nextProven) {
            return new State(next, contracted, missed, legacy, modern, intents, nextProven, mishaps, parties);
        }

        State recording(boolean next) {
            return new State(stage, next, missed, legacy, modern, intents, proven, mishaps, parties);
        }

        State legacy(int next) {
            return new State(stage, contracted, missed, next, modern, intents, proven, mishaps, parties);
        }

        State written(boolean noting) {
            return new State(
                    stage, contracted, missed, legacy, modern + 1, noting || intents, proven, mishaps, parties);
        }

        State level() {
            return new State(stage, contracted, missed, modern, modern, false, true, mishaps, parties);
        }

        State dropped() {
            return new State(stage, contracted, false, legacy, modern, intents, proven, mishaps, parties);
        }

        State afterMishap() {
            return new State(stage, contracted, missed, legacy, modern, intents, proven, mishaps - 1, parties);
        }

        boolean isLocked() {
            return parties.stream().anyMatch(Party::locks);
        }

        boolean hasLegacy() {
            return legacy != GONE;
        }
    }

    ContractionModel without(Rule rule) {
        return new ContractionModel(transactional, reverted, missed, back, mishaps, Set.of(rule));
    }

    private boolean holds(Rule rule) {
        return !left.contains(rule);
    }

    /** The entity is at its last stage, with both sides equal, as a verification found. */
    @Override
    public State start() {
        List<Party> parties = new ArrayList<>();
        for (int i = 0; i < processes(); i++) {
            parties.add(Party.NEW);
        }
        return new State(MODERN_ONLY, false, missed, 0, 0, false, true, mishaps, List.copyOf(parties));
    }

    /** The writer, the repair, the migration, and the operators. */
    @Override
    public int processes() {
        return 3 + back;
    }

    @Override
    public void moves(State state, int self, Moves<State> moves) {
        switch (self) {
            case WRITER -> write(state, moves);
            case REPAIR -> repair(state, moves);
            case MIGRATION -> contract(state, moves);
            default -> step(state, self, moves);
        }
        Party party = state.parties().get(self);
        boolean working = party.at() != Place.IDLE && party.at() != Place.ENDED && party.at() != Place.DONE;
        if (working && state.mishaps() > 0) {
            moves.add("IS KILLED", state.with(self, party.over()).afterMishap());
        }
    }

    /** It proves the stage in its transaction, and a step waits for the end of that. */
    private static void write(State state, Moves<State> moves) {
        if (state.stage() != MODERN_READ && state.modern() < WRITES) {
            boolean mirrors = state.stage() == MODERN_PRIMARY;
            moves.add(
                    mirrors ? "writes the modern row, with an intent" : "writes the modern row",
                    state.written(mirrors));
        }
    }

    private static void repair(State state, Moves<State> moves) {
        if (state.stage() == MODERN_PRIMARY && state.hasLegacy() && (state.intents() || !state.proven())) {
            moves.add("writes the legacy row, and finds no difference", state.level());
        }
        if (state.missed()) {
            moves.add("drops the note of a missed write, as an operator wants it", state.dropped());
        }
    }

    private void contract(State state, Moves<State> moves) {
        Party party = state.parties().get(MIGRATION);
        switch (party.at()) {
            case IDLE -> {
                boolean open = !holds(Rule.CONTRACTION_OVER_NO_MISSED_WRITE) || !state.missed();
                if (state.stage() == MODERN_ONLY && open) {
                    moves.add("finds the gates open", state.with(MIGRATION, party.at(Place.ASKED)));
                }
            }
            case ASKED -> {
                if (!holds(Rule.CONTRACTION_HOLDS_THE_STAGE)) {
                    lookAtTheStage(state, party, moves);
                } else if (!state.isLocked()) {
                    Party locking = new Party(Place.LOCKED, MODERN_ONLY, true);
                    moves.add("locks the stage", state.with(MIGRATION, locking));
                }
            }
            case LOCKED -> lookAtTheStage(state, party, moves);
            case CLEAR -> takeAway(state, party, moves);
            case HALF -> {
                State next = state.contracted() ? state.legacy(GONE) : state.recording(true);
                moves.add(
                        state.contracted() ? "takes the legacy side away" : "records the contraction",
                        next.with(MIGRATION, party.over().at(Place.DONE)));
            }
            case DONE -> revert(state, party, moves);
            case HALF_REVERTED ->
                moves.add("makes the legacy side again", state.legacy(0).with(MIGRATION, party.over()));
            case ENDED -> {}
        }
    }

    private static void lookAtTheStage(State state, Party party, Moves<State> moves) {
        boolean right = state.stage() == MODERN_ONLY;
        moves.add(
                right ? "finds modern-only" : "finds another stage, and is refused",
                state.with(MIGRATION, right ? party.at(Place.CLEAR) : party.over()));
    }

    private void takeAway(State state, Party party, Moves<State> moves) {
        Party half = new Party(Place.HALF, MODERN_ONLY, false);
        if (transactional && holds(Rule.CONTRACTION_RECORDED_WITH_THE_DDL)) {
            moves.add(
                    "takes the legacy side away, and records it with that",
                    state.legacy(GONE)
                            .recording(true)
                            .with(MIGRATION, party.over().at(Place.DONE)));
        } else if (!transactional && holds(Rule.CONTRACTION_RECORDED_BEFORE_THE_DDL)) {
            moves.add("records the contraction", state.recording(true).with(MIGRATION, half));
        } else {
            moves.add("takes the legacy side away", state.legacy(GONE).with(MIGRATION, half));
        }
    }

    /** The down file recreates an empty table. */
    private void revert(State state, Party party, Moves<State> moves) {
        if (!reverted) {
            return;
        }
        if (holds(Rule.CONTRACTION_FORGOTTEN_WITH_THE_REVERT)) {
            moves.add(
                    "makes the legacy side again, and forgets the contraction with that",
                    state.legacy(0).recording(false).with(MIGRATION, party.over()));
        } else {
            moves.add("forgets the contraction", state.recording(false).with(MIGRATION, party.at(Place.HALF_REVERTED)));
        }
    }

    /** One step back each, as far as the stage from which legacy decides again. */
    private void step(State state, int self, Moves<State> moves) {
        Party party = state.parties().get(self);
        switch (party.at()) {
            case IDLE -> {
                boolean open = state.stage() == MODERN_ONLY || state.proven();
                if (state.stage() != MODERN_READ && open && !state.contracted()) {
                    moves.add("finds the gates open", state.with(self, new Party(Place.ASKED, state.stage(), false)));
                }
            }
            case ASKED -> {
                if (!state.isLocked()) {
                    moves.add("locks the stage", state.with(self, new Party(Place.LOCKED, party.from(), true)));
                }
            }
            case LOCKED -> {
                boolean contracted = holds(Rule.STEPS_LOOK_FOR_A_CONTRACTION) && state.contracted();
                boolean goes = state.stage() == party.from() && !contracted && !state.intents();
                moves.add(
                        goes ? "finds nothing in the way" : "is refused",
                        state.with(self, goes ? party.at(Place.CLEAR) : party.over()));
            }
            case CLEAR -> record(state, self, moves);
            default -> {}
        }
    }

    private void record(State state, int self, Moves<State> moves) {
        Party party = state.parties().get(self);
        Stage to = party.from() == MODERN_ONLY ? MODERN_PRIMARY : MODERN_READ;
        if (to == MODERN_READ && state.intents()) {
            // a flip blocks writers from its check to its commit
            moves.add("is refused", state.with(self, party.over()));
            return;
        }
        boolean proven = state.proven() && (to == MODERN_READ || !holds(Rule.EVIDENCE_BEGINS_WITH_THE_MIRROR));
        moves.add("records %s".formatted(to.label()), state.at(to, proven).with(self, party.over()));
    }

    @Override
    public String violation(State state, boolean end) {
        if (state.stage() != MODERN_ONLY && !state.hasLegacy()) {
            return "it stands at %s without a legacy side"
                    .formatted(state.stage().label());
        }
        if (!state.hasLegacy() && state.missed()) {
            return "the only copy of a missed write was taken away";
        }
        if (state.stage() == MODERN_READ && state.legacy() != state.modern()) {
            return "an acknowledged write is lost";
        }
        return "";
    }

    @Override
    public String mover(State before, State after, int self) {
        return switch (self) {
            case WRITER -> "the writer";
            case REPAIR -> "the repair";
            case MIGRATION -> "the migration";
            default -> "operator %d".formatted(self - MIGRATION);
        };
    }

    @Override
    public State sharing(State state) {
        return state;
    }

    @Override
    public String toString() {
        return "%s%s, %d steps back, %d mishaps"
                .formatted(
                        transactional ? "one transaction" : "statement by statement",
                        reverted ? ", reverted" : "",
                        back,
                        mishaps);
    }
}
