package dev.crossfade.protocol;

/**
 * Compares one key after the other once the backfill, the process before it, is done. Queues keys that differ twice,
 * without an intent and with the authoritative row unchanged in between.
 */
final class Verifier implements Program {

    private final Scenario scenario;

    Verifier(Scenario scenario) {
        this.scenario = scenario;
    }

    @Override
    public String name() {
        return "the verification";
    }

    @Override
    public void moves(State state, int self, Moves<State> moves) {
        Actor actor = state.actor(self);
        int key = actor.round();
        switch (actor.at()) {
            case IDLE -> {
                boolean backfilled = state.actor(self - 1).at() == Step.DONE;
                if (backfilled) {
                    Actor read = actor.on(key).read(state.row(self, Rows.authority(key)));
                    moves.add("reads the authoritative row", state.with(self, read.at(Step.READ)));
                }
            }
            case READ -> {
                boolean queued = state.isQueued(key);
                moves.add(
                        queued ? "finds the key queued and waits" : "finds no intent",
                        state.with(self, queued ? actor.rest(Step.IDLE, key) : actor.at(Step.LOOKED)));
            }
            case LOOKED -> {
                int mirror = Rows.content(Rows.get(state.rows(), Rows.mirror(key)));
                boolean same = mirror == Rows.content(actor.row());
                moves.add(
                        same ? "finds the mirror equal" : "finds the mirror different",
                        state.with(self, same ? next(actor) : actor.at(Step.MIRRORED)));
            }
            case MIRRORED -> readAgain(state, self, moves);
            default -> {}
        }
    }

    private void readAgain(State state, int self, Moves<State> moves) {
        Actor actor = state.actor(self);
        int key = actor.round();
        if (state.row(self, Rows.authority(key)) != actor.row()) {
            moves.add("finds the authoritative row changed", state.with(self, actor.rest(Step.IDLE, key)));
        } else if (actor.memory().found()) {
            moves.add("queues the key", state.append(state.freshIntent(key)).with(self, next(actor)));
        } else {
            Actor again = actor.rest(Step.IDLE, key);
            moves.add(
                    "looks a second time",
                    state.with(self, again.with(again.memory().found(true))));
        }
    }

    private Actor next(Actor actor) {
        int round = actor.round() + 1;
        return actor.rest(round == scenario.keys() ? Step.DONE : Step.IDLE, round);
    }
}
