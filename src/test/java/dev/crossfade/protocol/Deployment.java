package dev.crossfade.protocol;

import dev.crossfade.model.Side;

/**
 * The first instance with another mapping. Instances with the former one may continue, or resume after a pause, at
 * any time.
 */
final class Deployment implements FlipProgram {

    private final FlipScenario scenario;

    Deployment(FlipScenario scenario) {
        this.scenario = scenario;
    }

    @Override
    public String name() {
        return "an instance with another mapping";
    }

    @Override
    public void moves(FlipState state, int self, Moves<FlipState> moves) {
        FlipActor actor = state.actor(self);
        boolean begins = actor.round() == 0 && state.record().authority() == Side.LEGACY;
        if (!begins) {
            return;
        }
        FlipState deployed = state.with(state.facts().mapping(2)).with(self, actor.rest(1));
        if (!scenario.holds(Rule.MAPPING_CHANGE_IS_A_STEP)) {
            moves.add("begins", deployed);
            return;
        }
        int authority = Advisory.AUTHORITY.exclusive();
        int applying = Advisory.APPLYING.exclusive();
        boolean free = state.isFree(self, 0, authority, applying) && state.isFree(self, 1, applying);
        if (free && !state.isStandingLocked(self, 0, false)) {
            Standing next = state.record().then(state.record().stage());
            FlipState raised = deployed.with(self, deployed.actor(self).with(0, Session.NONE.raise(next, true)))
                    .commit(self, 0);
            moves.add("raises the epoch with its mapping, under both locks", raised);
        }
    }
}
