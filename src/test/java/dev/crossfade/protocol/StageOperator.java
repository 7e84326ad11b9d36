package dev.crossfade.protocol;

import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import java.util.List;

/** An operator who moves the entity from stage to stage, as {@code StageChanger} and {@code AuthorityFlip} do. */
final class StageOperator implements FlipProgram {

    private final FlipScenario scenario;
    private final List<Stage> targets;

    StageOperator(FlipScenario scenario, List<Stage> targets) {
        this.scenario = scenario;
        this.targets = targets;
    }

    @Override
    public String name() {
        return "the operator";
    }

    @Override
    public void moves(FlipState state, int self, Moves<FlipState> moves) {
        FlipActor actor = state.actor(self);
        if (actor.lost() && actor.at() != FlipStep.IDLE && actor.at() != FlipStep.RECORDED_STEP) {
            moves.add("finds its session gone", letGo(state, self));
            return;
        }
        switch (actor.at()) {
            case IDLE -> ask(state, self, moves);
            case ASKED -> lockAuthority(state, self, moves);
            case LOCKING -> lockAuthorityThere(state, self, moves);
            case LOCKED -> drain(state, self, moves);
            case DRAINED -> holdOff(state, self, 0, FlipStep.HELD_OFF, moves);
            case HELD_OFF -> holdOffThere(state, self, moves);
            case HELD_OFF_THERE -> lookForStrangers(state, self, moves);
            case LOOKED -> look(state, self, moves);
            case CLEAR -> fence(state, self, moves);
            case FENCED -> record(state, self, moves);
            case RECORDED_STEP -> conclude(state, self, moves);
            default -> {}
        }
    }

    private Stage target(FlipActor actor) {
        return targets.get(actor.round());
    }

    private Side leaving(FlipActor actor) {
        return actor.known().authority();
    }

    private boolean flips(FlipActor actor) {
        return leaving(actor) != target(actor).authority();
    }

    private static FlipState letGo(FlipState state, int self) {
        FlipActor actor = state.actor(self);
        return state.with(self, actor.rest(actor.round()));
    }

    /** The gates and the first drain, while writers continue. */
    private void ask(FlipState state, int self, Moves<FlipState> moves) {
        FlipActor actor = state.actor(self);
        if (actor.round() == targets.size() || state.facts().frozen()) {
            return;
        }
        FlipActor asking = actor.knowing(state.record());
        if (state.record().stage() == target(actor)) {
            moves.add("finds the step made", state.with(self, asking.rest(actor.round() + 1)));
            return;
        }
        boolean halfDone = !state.decided().equals(state.record());
        boolean drained = state.intents(leaving(asking)) == 0 && state.legacy().missed() == 0;
        boolean open = !flips(asking) || (drained && gatesAreOpen(state) && !wouldLose(state, asking));
        if (!halfDone && open && state.record().stage().isNeighbourOf(target(actor))) {
            int discards = state.legacy().discards();
            moves.add(
                    "wants to move to " + target(actor).label(),
                    state.with(self, asking.number(discards).at(FlipStep.ASKED)));
        }
    }

    /** If the scenario has no verification, the gate sees the truth. */
    private boolean gatesAreOpen(FlipState state) {
        Facts facts = state.facts();
        if (!scenario.asksForEvidence()) {
            return !facts.unnoted();
        }
        boolean sameMapping = facts.evidence() == facts.mapping() || !scenario.holds(Rule.EVIDENCE_KNOWS_ITS_MAPPING);
        return facts.evidence() != 0 && sameMapping && !isGone(state);
    }

    /** Whether the step back would lose a modern row that legacy cannot give back. */
    private boolean wouldLose(FlipState state, FlipActor actor) {
        return flips(actor) && leaving(actor) == Side.MODERN && state.row(Side.LEGACY) == FlipModel.LOSSY;
    }

    private boolean isGone(FlipState state) {
        return state.facts().gone() != 0 && scenario.holds(Rule.EVIDENCE_KNOWS_ITS_DATABASES);
    }

    private void lockAuthority(FlipState state, int self, Moves<FlipState> moves) {
        FlipActor actor = state.actor(self);
        int home = state.home(leaving(actor));
        int lock = Advisory.AUTHORITY.exclusive();
        boolean both = flips(actor) && !state.shared() && scenario.holds(Rule.FLIP_HOLDS_BOTH_AUTHORITIES);
        boolean toOrFromModernOnly =
                leaving(actor) == Side.MODERN && scenario.holds(Rule.STEPS_OF_MODERN_ONLY_HOLD_THE_AUTHORITY);
        if (!flips(actor) && !toOrFromModernOnly) {
            moves.add("needs no authority", state.with(self, actor.at(FlipStep.DRAINED)));
        } else if (state.isFree(self, home, lock)) {
            FlipActor locked = actor.with(home, actor.session(home).locking(lock));
            moves.add(
                    "locks the authority exclusively",
                    state.with(self, locked.at(both ? FlipStep.LOCKING : FlipStep.LOCKED)));
        }
    }

    private void lockAuthorityThere(FlipState state, int self, Moves<FlipState> moves) {
        FlipActor actor = state.actor(self);
        int other = 1 - state.home(leaving(actor));
        int lock = Advisory.AUTHORITY.exclusive();
        if (state.isFree(self, other, lock)) {
            FlipActor locked = actor.with(other, actor.session(other).locking(lock));
            moves.add("locks the authority of the other side", state.with(self, locked.at(FlipStep.LOCKED)));
        } else {
            moves.add("lets go, as the authority of the other side is locked", letGo(state, self));
        }
    }

    private void drain(FlipState state, int self, Moves<FlipState> moves) {
        FlipActor actor = state.actor(self);
        boolean drains = flips(actor) && scenario.holds(Rule.NO_FLIP_OVER_AN_INTENT);
        if (!drains || state.intents(leaving(actor)) == 0) {
            moves.add("finds the backlog drained", state.with(self, actor.at(FlipStep.DRAINED)));
        } else {
            moves.add("lets go, as there are intents", letGo(state, self));
        }
    }

    private void holdOff(FlipState state, int self, int database, FlipStep next, Moves<FlipState> moves) {
        FlipActor actor = state.actor(self);
        int lock = Advisory.APPLYING.exclusive();
        if (!scenario.holds(Rule.STEPS_WAIT_FOR_APPLIERS)) {
            moves.add(
                    "does not wait for appliers", state.with(self, begun(actor).at(FlipStep.HELD_OFF_THERE)));
        } else if (state.isFree(self, database, lock)) {
            FlipActor locked = actor.with(database, actor.session(database).locking(lock));
            moves.add(
                    database == 0 ? "holds off appliers" : "holds off appliers in the other database",
                    state.with(self, locked.at(next)));
        } else {
            moves.add("lets go, as an applier is at work", letGo(state, self));
        }
    }

    private static FlipActor begun(FlipActor actor) {
        return actor.with(0, actor.legacy().begun());
    }

    private void holdOffThere(FlipState state, int self, Moves<FlipState> moves) {
        if (state.shared()) {
            lookForStrangers(state, self, moves);
        } else {
            holdOff(state, self, 1, FlipStep.HELD_OFF_THERE, moves);
        }
    }

    private void lookForStrangers(FlipState state, int self, Moves<FlipState> moves) {
        FlipActor actor = state.actor(self);
        boolean seen = state.isWritten(self, Side.LEGACY) || state.isWritten(self, Side.MODERN);
        if (!flips(actor) || !scenario.holds(Rule.FLIP_LOOKS_FOR_STRANGERS) || !seen) {
            moves.add("sees no strangers", state.with(self, actor.at(FlipStep.LOOKED)));
        } else {
            moves.add("lets go, as somebody writes past the stages", letGo(state, self));
        }
    }

    private void look(FlipState state, int self, Moves<FlipState> moves) {
        FlipActor actor = state.actor(self);
        boolean intents = scenario.holds(Rule.NO_FLIP_OVER_AN_INTENT) && state.intents(leaving(actor)) != 0;
        boolean missed = scenario.holds(Rule.NO_FLIP_OVER_A_MISSED_WRITE)
                && state.legacy().missed() != 0;
        boolean discarded =
                scenario.holds(Rule.NO_FLIP_OVER_A_DISCARD) && state.legacy().discards() != actor.number();
        boolean lossy = scenario.holds(Rule.NO_FLIP_BACK_OVER_A_LOSSY_KEY) && wouldLose(state, actor);
        boolean stands = state.record().equals(actor.known());
        boolean stale = scenario.asksForEvidence() && flips(actor) && !gatesAreOpen(state);
        if (isGone(state)) {
            moves.add("finds that a database has gone back", letGo(state.frozen(), self));
        } else if (!stands || stale || (flips(actor) && (intents || missed || discarded || lossy))) {
            moves.add("lets go, as something came up", letGo(state, self));
        } else {
            boolean blindly =
                    flips(actor) && state.facts().gone() != 0 && state.facts().unnoted();
            FlipState next = blindly ? state.wrong(Wrong.MOVED_BLINDLY) : state;
            moves.add("finds nothing in the way", next.with(self, actor.at(FlipStep.CLEAR)));
        }
    }

    /**
     * Between two databases: announces the step to the side that gets the authority, or fences off the one that has it.
     */
    private void fence(FlipState state, int self, Moves<FlipState> moves) {
        FlipActor actor = state.actor(self);
        Standing next = actor.known().then(target(actor));
        boolean legacyStays = leaving(actor) == Side.LEGACY && !flips(actor);
        boolean recordsFirst = leaving(actor) == Side.MODERN && !scenario.holds(Rule.FENCED_BEFORE_IT_IS_RECORDED);
        if (state.shared() || legacyStays || recordsFirst) {
            record(state, self, moves);
            return;
        }
        Standing fence = state.modern().standing();
        boolean announces = leaving(actor) == Side.LEGACY;
        if (next.isAbove(fence)) {
            if (!state.isStandingLocked(self, 1, false)) {
                FlipState raised = state.with(self, actor.with(1, actor.modern().raise(next, !announces)))
                        .commit(self, 1);
                moves.add(
                        announces ? "announces the step to the other database" : "fences the other database off",
                        raised.with(self, raised.actor(self).at(FlipStep.FENCED)));
            }
        } else if (announces && fence.equals(next) && !state.modern().decided()) {
            FlipActor told = actor.with(1, Session.NONE);
            moves.add("finds the step announced", state.with(self, told.at(FlipStep.FENCED)));
        } else {
            moves.add("lets go, as the fence is newer", letGo(state, self));
        }
    }

    private void record(FlipState state, int self, Moves<FlipState> moves) {
        FlipActor actor = state.actor(self);
        if (!state.record().equals(actor.known())) {
            moves.add("finds that someone else moved it", letGo(state, self));
        } else if (!state.isStandingLocked(self, 0, false)) {
            Standing next = actor.known().then(target(actor));
            FlipState recorded = state.with(self, actor.with(0, actor.legacy().raise(next, true)))
                    .commit(self, 0);
            recorded = flips(actor) ? judged(recorded) : recorded;
            recorded = wouldLose(state, actor) ? recorded.wrong(Wrong.LOST_ON_THE_WAY_BACK) : recorded;
            moves.add(
                    "records " + next.stage().label(),
                    recorded.with(self, recorded.actor(self).at(FlipStep.RECORDED_STEP)));
        }
    }

    /** A database that goes back after the check counts as going back after the step. */
    private FlipState judged(FlipState state) {
        Facts facts = state.facts();
        if (scenario.asksForEvidence() && facts.mirrored() != facts.mapping()) {
            return state.wrong(Wrong.ANOTHER_MAPPING);
        }
        return facts.unnoted() && facts.gone() == 0 ? state.wrong(Wrong.MOVED_BLINDLY) : state;
    }

    /** Marks an announced standing as decided, unless somebody was faster or it has been raised since. */
    private void conclude(FlipState state, int self, Moves<FlipState> moves) {
        FlipActor actor = state.actor(self);
        FlipActor done = actor.rest(actor.round() + 1);
        Standing made = actor.known().then(target(actor));
        boolean recordsFirst =
                !state.shared() && leaving(actor) == Side.MODERN && !scenario.holds(Rule.FENCED_BEFORE_IT_IS_RECORDED);
        if (recordsFirst) {
            FlipState fenced = state.with(self, actor.with(1, actor.modern().raise(made, true)))
                    .commit(self, 1);
            moves.add("fences the other database off", fenced.with(self, done));
        } else if (state.shared()
                || state.modern().decided()
                || !state.modern().standing().equals(made)) {
            moves.add("is done", state.with(self, done));
        } else if (!state.isStandingLocked(self, 1, false)) {
            FlipState decided =
                    state.with(self, actor.with(1, actor.modern().decide())).commit(self, 1);
            moves.add("marks the fence as decided", decided.with(self, done));
        }
    }
}
