package dev.crossfade.protocol;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What can happen in a scenario, and what must not happen. */
final class Model implements Explorable<State> {

    private final Scenario scenario;
    private final List<Program> programs;
    private final Map<Actor, Actor> actors = new HashMap<>();

    Model(Scenario scenario) {
        this.scenario = scenario;
        this.programs = scenario.processes().stream()
                .map(process -> process.apply(scenario))
                .toList();
    }

    /** One row exists, on both sides, or on the authority alone if the mirror comes later. */
    @Override
    public State start() {
        boolean mirroring = programs.stream().noneMatch(StageStep.class::isInstance);
        int initial = Rows.row(1, Rows.content(Rows.INITIAL, Rows.INITIAL));
        long rows = Rows.with(0, Rows.authority(0), initial);
        rows = mirroring ? Rows.with(rows, Rows.mirror(0), initial) : rows;
        List<Actor> fresh = programs.stream().map(program -> Actor.NEW).toList();
        return new State(rows, 0, 0, 0, mirroring, scenario.mishaps(), fresh);
    }

    @Override
    public int processes() {
        return programs.size();
    }

    @Override
    public void moves(State state, int self, Moves<State> moves) {
        Program program = programs.get(self);
        program.moves(state, self, moves);
        Actor actor = state.actor(self);
        if (isAtRest(actor) || state.mishaps() == 0) {
            return;
        }
        moves.add("IS KILLED", state.with(self, program.killed(actor)).afterMishap());
        if (program.mayLoseItsSession() && !actor.memory().lost()) {
            moves.add(
                    "LOSES ITS SESSION on the authority",
                    withoutSession(state, self).afterMishap());
        }
    }

    /**
     * Its locks there are gone without its knowledge. The backfill still commits what it has proven already, and the
     * verification must check it.
     */
    private State withoutSession(State state, int self) {
        Actor actor = state.actor(self);
        Actor alone = actor.with(actor.tx().withoutAuthority())
                .with(actor.memory().locks(false).lost(true));
        boolean proven = programs.get(self) instanceof Backfiller && actor.at() == Step.PROVEN;
        return (proven ? state.withUnproven(actor.key()) : state).with(self, alone);
    }

    @Override
    public String violation(State state, boolean end) {
        for (int key = 0; key < scenario.keys(); key++) {
            if (!state.isLevel(key) && !state.isQueued(key) && !isToCome(state, key)) {
                return "the mirror of key %d is behind, and nothing will bring it up to date".formatted(key);
            }
            if (end && state.isQueued(key)) {
                return "key %d waits for ever".formatted(key);
            }
        }
        return end && !state.actors().stream().allMatch(Model::isAtRest) ? "a process waits for ever" : "";
    }

    /**
     * Whether the backfill is still to come, or the verification, which follows it even if the scenario ends before.
     */
    private boolean isToCome(State state, int key) {
        boolean absent = Rows.get(state.rows(), Rows.mirror(key)) == Rows.ABSENT;
        boolean verified = !scenario.holds(Rule.VERIFIED_AFTER_THE_BACKFILL);
        for (int i = 0; i < programs.size(); i++) {
            boolean before = state.actor(i).round() <= key;
            if (before && absent && programs.get(i) instanceof Backfiller) {
                return true;
            }
            verified |= !before && programs.get(i) instanceof Verifier;
        }
        return state.isUnproven(key) && !verified;
    }

    @Override
    public String mover(State before, State after, int self) {
        Actor present = before.actor(self);
        Actor actor = present.at() == Step.IDLE ? after.actor(self) : present;
        Program program = programs.get(self);
        String work = program instanceof Writer ? ", " + actor.memory().write() : "";
        return "%s (key %d%s)".formatted(program.name(), actor.key(), work);
    }

    @Override
    public State sharing(State state) {
        return state.sharing(actor -> actors.computeIfAbsent(actor, one -> one));
    }

    private static boolean isAtRest(Actor actor) {
        return actor.at() == Step.IDLE || actor.at() == Step.DONE || actor.at() == Step.DEAD;
    }
}
