package dev.crossfade.protocol;

import dev.crossfade.model.Side;

/**
 * A writer of an instance that starts while it cannot reach the modern database, as in {@code FirstStage}: it never
 * sees the fence. Others may still use that database, which is more than an outage allows.
 */
final class StartingWriter extends RoutedWriter {

    private static final int NOT_STARTED = 0;

    private final int peers;
    private final int acknowledged;

    /**
     * Creates a writer that has not started.
     *
     * @param peers how many other instances there are; they come first in the scenario
     * @param acknowledged an epoch that one of them has acknowledged before this one starts, 0 for any time
     * @param contents what it writes, one after the other; 0 is a deletion
     */
    StartingWriter(FlipScenario scenario, int peers, int acknowledged, int... contents) {
        super(scenario, peers + 1, 0, contents);
        this.peers = peers;
        this.acknowledged = acknowledged;
    }

    @Override
    public String name() {
        return "the new instance";
    }

    @Override
    public FlipActor beginning(Standing present) {
        return FlipActor.beginning(new Standing(present.stage(), NOT_STARTED));
    }

    /** Nothing can be written, nor is a start allowed, where modern decides. */
    @Override
    void poll(FlipState state, int self, Standing next, Moves<FlipState> moves) {
        FlipActor actor = state.actor(self);
        if (next.authority() == Side.MODERN) {
            return;
        }
        if (actor.known().epoch() != NOT_STARTED) {
            boolean outOfDate = actor.known().isAbove(next);
            moves.add("acts under " + next.stage().label(), actingUnder(next, outOfDate, state, self));
        } else if (isStarted(state, next)) {
            boolean outOfDate = isBelowTheFence(state, next);
            moves.add("starts under " + next.stage().label(), actingUnder(next, outOfDate, state, self));
        }
    }

    private boolean isStarted(FlipState state, Standing record) {
        int known = newestOfTheFleet(state);
        boolean refused = (scenario.holds(Rule.START_PROVES_THE_RECORD) && hasLostItsPast(state.facts()))
                || (scenario.holds(Rule.START_ASKS_THE_FLEET) && known > record.epoch());
        return known >= acknowledged && !refused;
    }

    /**
     * Whether the control database has gone back by its own identity, or the entity is frozen because of what it may
     * have lost.
     */
    private static boolean hasLostItsPast(Facts facts) {
        return facts.gone() == 1 || (facts.frozen() && facts.gone() != 2);
    }

    private int newestOfTheFleet(FlipState state) {
        int newest = 0;
        for (FlipActor peer : state.actors().subList(0, peers)) {
            newest = peer.at() == FlipStep.DEAD
                    ? newest
                    : Math.max(newest, peer.known().epoch());
        }
        return newest;
    }
}
