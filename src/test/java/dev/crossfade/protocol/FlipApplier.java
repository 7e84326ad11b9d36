package dev.crossfade.protocol;

import dev.crossfade.model.Side;
import java.util.EnumSet;
import java.util.Set;

/**
 * Applies the key while flips run: the applier between two databases and the reconciler in one. It also retries
 * missed writes, if it may: it claims one and appends an intent for it.
 */
final class FlipApplier implements FlipProgram {

    /** The steps at which, between two databases, it continues without the database that it copies from. */
    private static final Set<FlipStep> WITHOUT_SOURCE =
            EnumSet.of(FlipStep.IDLE, FlipStep.APPLYING_THERE, FlipStep.READ, FlipStep.DELETED);

    private final FlipScenario scenario;
    private final Directing directing;
    private final Appending appending;
    private final String name;
    private final boolean retries;
    private final int mapping;

    /**
     * Creates an applier.
     *
     * @param retries whether it retries missed writes
     * @param mapping the mapping that it knows; it begins when there is that mapping
     */
    FlipApplier(FlipScenario scenario, String name, boolean retries, int mapping) {
        this.scenario = scenario;
        this.mapping = mapping;
        this.directing = new Directing(scenario, mapping);
        this.appending = new Appending(scenario);
        this.name = name;
        this.retries = retries;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void moves(FlipState state, int self, Moves<FlipState> moves) {
        FlipActor actor = state.actor(self);
        if (actor.lost() && needsWhatItLost(actor)) {
            moves.add("finds its session gone", state.with(self, actor.rest(0)));
            return;
        }
        switch (actor.at()) {
            case IDLE -> note(state, self, moves);
            case PINNED, LOCKED -> appending.moves(state, self, moves);
            case PROVEN -> appended(state, self, moves);
            case NOTED -> lockKey(state, self, moves);
            case KEY_LOCKED -> directing.hold(state, self, moves);
            case APPLYING -> directing.prove(state, self, moves);
            case APPLYING_THERE -> directing.proveThere(state, self, moves);
            case DIRECTED -> read(state, self, moves);
            case READ -> write(state, self, moves);
            case MIRRORED, DELETED, MIRROR_COMMITTED -> finish(state, self, moves);
            case REFUSED, RECORDED -> miss(state, self, moves);
            case APPLIED -> clear(state, self, moves);
            default -> {}
        }
    }

    /** Whether it cannot take the next step without the session that has ended. */
    private boolean needsWhatItLost(FlipActor actor) {
        boolean fromLegacy = Directing.from(actor) == Side.LEGACY;
        boolean mirror = fromLegacy ? actor.modern().open() : actor.legacy().open();
        boolean commits = !fromLegacy && actor.at() == FlipStep.MIRRORED;
        boolean unproven = fromLegacy
                && actor.at() == FlipStep.MIRRORED
                && !scenario.holds(Rule.LOCKS_PROVEN_BEFORE_THE_MIRROR_COMMIT);
        return !mirror || !(commits || unproven || WITHOUT_SOURCE.contains(actor.at()));
    }

    private void note(FlipState state, int self, Moves<FlipState> moves) {
        FlipActor actor = state.actor(self);
        Standing record = state.record();
        if (state.facts().frozen() || !record.stage().mirrors() || state.facts().mapping() < mapping) {
            return;
        }
        Side from = record.authority();
        int intents = state.intents(from);
        FlipActor begun = actor.knowing(record);
        if (intents != 0) {
            moves.add(
                    "notes the intents of the %s side".formatted(from.label()),
                    state.with(self, begun.noting(from.ordinal(), intents).at(FlipStep.NOTED)));
        }
        if (retries && state.legacy().missed() != 0 && intents == 0) {
            FlipActor claiming =
                    begun.noting(from.ordinal(), 0).number(state.legacy().missed());
            moves.add("claims the missed write", state.with(self, claiming.at(FlipStep.PINNED)));
        }
    }

    private void appended(FlipState state, int self, Moves<FlipState> moves) {
        FlipActor actor = state.actor(self);
        int home = state.home(Directing.from(actor));
        int intent = actor.session(home).added();
        FlipState committed = state.commit(self, home);
        FlipActor noted = committed.actor(self).noting(actor.from(), intent);
        moves.add("commits an intent for it", committed.with(self, noted.at(FlipStep.NOTED)));
    }

    private void lockKey(FlipState state, int self, Moves<FlipState> moves) {
        FlipActor actor = state.actor(self);
        int lock = Advisory.KEY.exclusive();
        if (state.shared()) {
            moves.add(
                    "begins",
                    state.with(self, actor.with(0, actor.legacy().begun()).at(FlipStep.KEY_LOCKED)));
        } else if (state.isFree(self, 0, lock)) {
            FlipActor locked = actor.with(0, actor.legacy().locking(lock));
            moves.add("locks the key", state.with(self, locked.at(FlipStep.KEY_LOCKED)));
        } else {
            moves.add("leaves out the key, which is locked", state.with(self, actor.rest(0)));
        }
    }

    /** In one database it holds the lock on the authoritative row. */
    private void read(FlipState state, int self, Moves<FlipState> moves) {
        FlipActor actor = state.actor(self);
        Side from = Directing.from(actor);
        if (state.shared() && state.isRowLocked(self, from)) {
            moves.add("gives up waiting", state.with(self, actor.rest(0)));
            return;
        }
        int existing = actor.intents() & state.intents(from);
        if (existing == 0) {
            moves.add("finds its intents gone", state.with(self, actor.rest(0)));
            return;
        }
        Session control = state.shared() ? actor.legacy().lockingRow(from) : actor.legacy();
        FlipActor read = actor.with(0, control)
                .noting(actor.from(), existing)
                .read(state.row(from))
                .seeing(state.intents(from));
        moves.add(
                "sees its intents and reads the %s row".formatted(from.label()),
                state.with(self, read.at(FlipStep.READ)));
    }

    private void write(FlipState state, int self, Moves<FlipState> moves) {
        FlipActor actor = state.actor(self);
        Side mirror = Directing.from(actor).opposite();
        int home = state.home(mirror);
        if (state.isRowLocked(self, mirror)) {
            moves.add("gives up waiting", state.with(self, actor.rest(0)));
            return;
        }
        Session written = actor.session(home).write(mirror, actor.row());
        moves.add(
                "writes the %s row".formatted(mirror.label()),
                state.with(self, actor.with(home, written).at(FlipStep.MIRRORED)));
        if (state.facts().refusals() > 0) {
            FlipActor refused = actor.rest(0).knowing(actor.known()).noting(actor.from(), actor.intents());
            FlipState next = state.with(state.facts().refusals(state.facts().refusals() - 1));
            moves.add(
                    "is refused by the mirror, and ends its transactions",
                    next.with(self, refused.number(actor.number()).at(FlipStep.REFUSED)));
        }
    }

    private void finish(FlipState state, int self, Moves<FlipState> moves) {
        FlipActor actor = state.actor(self);
        Side from = Directing.from(actor);
        Side mirror = from.opposite();
        int home = state.home(mirror);
        if (state.shared()) {
            Session deleting = actor.legacy().intents(0, actor.intents());
            FlipState done = directing
                    .mirrored(state, mirror)
                    .with(self, actor.with(0, deleting))
                    .commit(self, 0);
            moves.add("deletes its intents and commits", done.with(self, done(actor)));
        } else if (mirror == Side.MODERN && deletesNow(actor)) {
            Session deleting = actor.legacy().intents(0, actor.intents());
            FlipStep next = actor.at() == FlipStep.MIRRORED ? FlipStep.DELETED : actor.at();
            moves.add(
                    "deletes its intents",
                    state.with(self, actor.with(0, deleting).at(next)));
        } else if (actor.at() != FlipStep.MIRROR_COMMITTED) {
            FlipState committed = recorded(directing.mirrored(state, mirror), home, actor.seen())
                    .commit(self, home);
            moves.add(
                    "commits the mirror",
                    committed.with(self, committed.actor(self).at(FlipStep.MIRROR_COMMITTED)));
        } else if (mirror == Side.MODERN) {
            moves.add(
                    "commits the deletion of its intents", state.commit(self, 0).with(self, done(actor)));
        } else {
            FlipState deleted = state.with(self, actor.with(1, actor.modern().intents(0, actor.intents())))
                    .commit(self, 1);
            moves.add("deletes its intents and commits that", deleted.with(self, done(actor)));
        }
    }

    private FlipState recorded(FlipState state, int home, int intents) {
        Data mirror = state.data(home);
        return scenario.holds(Rule.MIRROR_KNOWS_WHAT_IT_GOT)
                ? state.with(home, mirror.brought(mirror.brought() | intents))
                : state;
    }

    /** Deletes before it commits the mirror, which proves that its session is alive; without that rule, afterwards. */
    private boolean deletesNow(FlipActor actor) {
        boolean proves = scenario.holds(Rule.LOCKS_PROVEN_BEFORE_THE_MIRROR_COMMIT);
        return actor.at() == (proves ? FlipStep.MIRRORED : FlipStep.MIRROR_COMMITTED)
                && actor.legacy().removed() == 0;
    }

    private static FlipActor done(FlipActor actor) {
        FlipActor rest = actor.rest(0).knowing(actor.known());
        return actor.number() == 0 ? rest : rest.number(actor.number()).at(FlipStep.APPLIED);
    }

    private void miss(FlipState state, int self, Moves<FlipState> moves) {
        FlipActor actor = state.actor(self);
        if (actor.at() == FlipStep.REFUSED) {
            FlipActor recording = actor.with(0, actor.legacy().miss(state.freshMissed()));
            FlipState recorded = state.with(self, recording).commit(self, 0);
            moves.add(
                    "records the missed write",
                    recorded.with(self, recorded.actor(self).at(FlipStep.RECORDED)));
        } else {
            int home = state.home(Directing.from(actor));
            FlipState deleted = state.with(
                            self, actor.with(home, actor.session(home).intents(0, actor.intents())))
                    .commit(self, home);
            moves.add("deletes its intents", deleted.with(self, actor.rest(0)));
        }
    }

    private void clear(FlipState state, int self, Moves<FlipState> moves) {
        FlipActor actor = state.actor(self);
        boolean current = state.legacy().missed() == actor.number();
        FlipState cleared = current
                ? state.with(self, actor.with(0, actor.legacy().miss(0))).commit(self, 0)
                : state;
        moves.add("clears the missed write", cleared.with(self, actor.rest(0)));
    }
}
