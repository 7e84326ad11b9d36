package dev.crossfade.protocol;

import static dev.crossfade.protocol.CircleState.ABSENT;
import static dev.crossfade.protocol.CircleState.EMPTIED;
import static dev.crossfade.protocol.CircleState.ENTITIES;
import static dev.crossfade.protocol.CircleState.MOVED_QUEUE;
import static dev.crossfade.protocol.CircleState.has;
import static dev.crossfade.protocol.CircleState.intentsOf;
import static dev.crossfade.protocol.CircleState.replaced;

import dev.crossfade.protocol.CircleState.Party;
import dev.crossfade.protocol.CircleState.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Two entities whose tables refer to each other in a cycle, with one row each. An applier of one of them finds that
 * its row is refused, and applies the row of the other one together with it, while a writer continues and the
 * authority of the second entity may move. {@link Model} covers rows that are accepted, and {@link FlipModel} a flip:
 * here it is one step.
 *
 * @param shared whether both sides are in one database
 * @param begin the legacy rows at the beginning, with intents for those that differ
 * @param mirror the modern rows at the beginning
 * @param writes how many writes the writer makes
 * @param appliers how many appliers there are
 * @param moves whether the authority of the second entity moves
 * @param mishaps how many appliers may be killed
 * @param left the rules that are left out
 */
record CircleModel(
        boolean shared,
        List<Integer> begin,
        List<Integer> mirror,
        int writes,
        int appliers,
        boolean moves,
        int mishaps,
        Set<Rule> left)
        implements Explorable<CircleState> {

    private static final int WRITER = 0;
    private static final int BOTH = 3;
    private static final int SECOND = 1;
    private static final List<Integer> NONE = List.of(ABSENT, ABSENT);

    /** The rows that a writer may leave: none, the second row alone, both without and with a reference back. */
    private static final List<List<Integer>> WRITABLE =
            List.of(List.of(0, 0), List.of(0, 1), List.of(1, 1), List.of(1, 2));

    /** The row of the second entity that is written after the flip. */
    private static final int WRITTEN_AFTER_THE_FLIP = 5;

    CircleModel without(Set<Rule> rules) {
        return new CircleModel(shared, begin, mirror, writes, appliers, moves, mishaps, Set.copyOf(rules));
    }

    private boolean holds(Rule rule) {
        return !left.contains(rule);
    }

    @Override
    public CircleState start() {
        List<Party> parties = new ArrayList<>();
        for (int i = 0; i < processes(); i++) {
            parties.add(Party.NEW);
        }
        CircleState none = new CircleState(begin, mirror, begin, false, 0, mishaps, List.copyOf(parties));
        return none.withIntents(intents(none, changed(mirror, begin)));
    }

    /** The writer, the appliers, and whoever moves the authority. */
    @Override
    public int processes() {
        return 1 + appliers + (moves ? 1 : 0);
    }

    /** Whether the mirror's server accepts the rows at the end of a statement. */
    private static boolean admits(List<Integer> mirror) {
        int first = mirror.getFirst();
        int second = mirror.getLast();
        boolean refersBack = second > ABSENT && second % 2 == 0;
        return (first <= ABSENT || second != ABSENT) && (!refersBack || first != ABSENT);
    }

    @Override
    public void moves(CircleState state, int self, Moves<CircleState> moves) {
        if (self == WRITER) {
            writer(state, moves);
            return;
        }
        if (self > appliers) {
            flip(state, moves);
            return;
        }
        Party party = state.parties().get(self);
        switch (party.at()) {
            case IDLE -> choose(state, self, moves);
            case REFUSED -> note(state, self, moves);
            case CHOSEN -> lock(state, self, moves);
            case LOCKED -> look(state, self, moves);
            case LOOKED -> read(state, self, moves);
            case READ -> write(state, self, moves);
            case WRITTEN -> lockTheGone(state, self, moves);
            case SURE -> apply(state, self, moves);
            case APPLIED -> commit(state, self, moves);
            case COMMITTED -> moves.add("deletes its intents and ends its locks", ended(state, self, party.noted()));
        }
        if (party.at() != Place.IDLE && state.mishaps() > 0) {
            moves.add("IS KILLED", state.with(self, Party.NEW).afterMishap());
        }
    }

    // the writer

    private void writer(CircleState state, Moves<CircleState> moves) {
        Party party = state.parties().get(WRITER);
        switch (party.at()) {
            case IDLE -> {
                if (party.writes() < writes) {
                    begin(state, party, moves);
                }
            }
            case WRITTEN -> mirror(state, party, moves);
            default -> moves.add("commits", committed(state, party));
        }
    }

    private void begin(CircleState state, Party party, Moves<CircleState> moves) {
        if (state.moved()) {
            List<Integer> rows = List.of(state.modern().getFirst(), WRITTEN_AFTER_THE_FLIP);
            CircleState next = state.withModern(rows)
                    .acknowledging(List.of(state.acknowledged().getFirst(), WRITTEN_AFTER_THE_FLIP))
                    .withIntents(state.intents() | state.freshIntent(MOVED_QUEUE));
            moves.add("commits the second row on the modern side", next.with(WRITER, party.rested()));
            return;
        }
        for (List<Integer> rows : WRITABLE) {
            int changed = changed(state.legacy(), rows);
            boolean waits = shared && state.isLocked(WRITER, changed);
            if (changed == 0 || waits) {
                continue;
            }
            Party writing = new Party(Place.WRITTEN, party.writes(), 0, changed, 0, 0, 0, 0, 0, rows);
            if (shared) {
                moves.add("writes %s".formatted(rows), state.with(WRITER, writing.locking(changed, 0)));
            } else {
                moves.add(
                        "commits %s with intents".formatted(rows),
                        committed(state, writing.noting(intents(state, changed))));
            }
        }
    }

    private static int changed(List<Integer> before, List<Integer> after) {
        int changed = 0;
        for (int entity = 0; entity < ENTITIES; entity++) {
            changed |= before.get(entity).equals(after.get(entity)) ? 0 : 1 << entity;
        }
        return changed;
    }

    private static int intents(CircleState state, int entities) {
        int intents = 0;
        for (int entity = 0; entity < ENTITIES; entity++) {
            intents |= has(entities, entity) ? state.freshIntent(entity) : 0;
        }
        return intents;
    }

    /** In one database the transaction mirrors row by row, and leaves intents for refused rows. */
    private static void mirror(CircleState state, Party party, Moves<CircleState> moves) {
        int mirrored = 0;
        if (!state.isMirrorLocked(WRITER)) {
            for (int entity = 0; entity < ENTITIES; entity++) {
                int next = mirrored | 1 << entity;
                boolean fits = admits(replaced(state.modern(), next, party.rows()));
                mirrored = party.hasInHand(entity) && fits ? next : mirrored;
            }
        }
        int left = party.keys() & ~mirrored;
        moves.add(
                left == 0 ? "mirrors what it wrote" : "cannot mirror all that it wrote, and notes it",
                state.with(
                        WRITER,
                        party.lockingMirror(mirrored)
                                .noting(intents(state, left))
                                .at(Place.COMMITTED)));
    }

    private static CircleState committed(CircleState state, Party party) {
        return state.withLegacy(party.rows())
                .withModern(replaced(state.modern(), party.mirrorLocks(), party.rows()))
                .acknowledging(party.rows())
                .withIntents(state.intents() | party.noted())
                .with(WRITER, party.rested());
    }

    // whoever moves the authority

    private void flip(CircleState state, Moves<CircleState> moves) {
        boolean applied = state.parties().stream().noneMatch(party -> has(party.held(), SECOND));
        if (!state.moved() && !state.isQueued(SECOND) && applied) {
            moves.add("moves the second entity to the modern side", state.afterTheFlip());
        }
    }

    // appliers

    private void choose(CircleState state, int self, Moves<CircleState> moves) {
        if (state.isQueued(MOVED_QUEUE)) {
            CircleState next = state.withLegacy(
                    List.of(state.legacy().getFirst(), state.modern().getLast()));
            moves.add(
                    "applies the second row to the legacy side",
                    next.withIntents(state.intents() & ~intentsOf(MOVED_QUEUE)));
        }
        for (int entity = 0; entity < ENTITIES; entity++) {
            int own = state.intents() & intentsOf(entity);
            if (own == 0 || (state.moved() && entity == SECOND)) {
                continue;
            }
            if (admits(replaced(state.modern(), 1 << entity, state.legacy()))) {
                moves.add(
                        "takes row %d".formatted(entity + 1),
                        state.with(self, Party.taking(Place.CHOSEN, entity, 1 << entity, own)));
            } else if (holds(Rule.APPLIED_TOGETHER) && !state.moved() && admits(state.legacy())) {
                moves.add(
                        "is refused row %d, and sees that it needs the other one".formatted(entity + 1),
                        state.with(self, Party.taking(Place.REFUSED, entity, BOTH, own)));
            }
        }
    }

    /** Notes the key of the other row as any other key is noted. */
    private void note(CircleState state, int self, Moves<CircleState> moves) {
        Party party = state.parties().get(self);
        int other = 1 - party.first();
        if (state.moved() && holds(Rule.CIRCLE_HOLDS_EVERY_ENTITY)) {
            moves.add("finds that the other entity has moved", state.with(self, Party.NEW));
            return;
        }
        // in reality always a new one; the model must be finite
        int there = state.intents() & intentsOf(other);
        int fresh = there == 0 ? state.freshIntent(other) : there;
        moves.add(
                "appends an intent for the other row",
                state.withIntents(state.intents() | fresh)
                        .with(self, party.noting(party.noted() | fresh).at(Place.CHOSEN)));
    }

    private void lock(CircleState state, int self, Moves<CircleState> moves) {
        Party party = state.parties().get(self);
        int wanted = holds(Rule.TOGETHER_UNDER_ALL_LOCKS) ? party.keys() : 1 << party.first();
        int entities = holds(Rule.CIRCLE_HOLDS_EVERY_ENTITY) ? party.keys() : 1 << party.first();
        if (shared) {
            // a row that is absent, or not committed, is not seen and cannot be locked
            wanted &= changed(NONE, state.legacy());
        }
        boolean other = state.moved() && has(entities, SECOND);
        if (other || state.isLocked(self, wanted)) {
            moves.add(
                    other ? "finds that the entity has moved" : "leaves out what is locked",
                    state.with(self, Party.NEW));
        } else {
            moves.add(
                    "locks its rows",
                    state.with(self, party.locking(wanted, entities).at(Place.LOCKED)));
        }
    }

    private void look(CircleState state, int self, Moves<CircleState> moves) {
        Party party = state.parties().get(self);
        int existing = party.noted() & state.intents();
        int first = intentsOf(party.first());
        boolean all = (existing & first) != 0;
        for (int entity = 0; entity < ENTITIES && holds(Rule.TOGETHER_NEEDS_EVERY_INTENT); entity++) {
            all &= !party.hasInHand(entity) || (existing & intentsOf(entity)) != 0;
        }
        moves.add(
                all ? "looks which intents exist" : "finds intents gone",
                state.with(self, all ? party.noting(existing).at(Place.LOOKED) : Party.NEW));
    }

    /** Reads the rows that it may write, and sees which are gone. */
    private void read(CircleState state, int self, Moves<CircleState> moves) {
        Party party = state.parties().get(self);
        int gone = party.keys() & ~changed(NONE, state.legacy());
        moves.add(
                "reads its rows",
                state.with(self, party.seeing(kept(state.legacy()), gone).at(Place.READ)));
    }

    /** Keeps the rows only if they are used again, so that otherwise equal states are one. */
    private List<Integer> kept(List<Integer> rows) {
        return holds(Rule.CIRCLE_APPLIES_AS_EVER) ? List.of() : rows;
    }

    /** Rows that are written together are first written without their references. */
    private void write(CircleState state, int self, Moves<CircleState> moves) {
        Party party = state.parties().get(self);
        if (state.isMirrorLocked(self)) {
            moves.add("gives up waiting", state.with(self, Party.NEW));
            return;
        }
        boolean early = party.keys() == BOTH && !holds(Rule.TOGETHER_IN_ONE_COMMIT);
        int written = written(party);
        CircleState next = state.with(self, party.lockingMirror(written).at(Place.WRITTEN));
        moves.add(
                early ? "writes its rows without references and commits that" : "writes its rows without references",
                early ? next.withModern(replaced(state.modern(), written, List.of(EMPTIED, EMPTIED))) : next);
    }

    /** In one database a row locked by another is left to it; without that rule it is written as it was read. */
    private int written(Party party) {
        boolean locked = shared && holds(Rule.TOGETHER_UNDER_ALL_LOCKS);
        return party.keys() & ~party.gone() & (locked ? party.locks() : BOTH);
    }

    private void lockTheGone(CircleState state, int self, Moves<CircleState> moves) {
        Party party = state.parties().get(self);
        int there = party.gone() & changed(NONE, state.modern());
        if (there != 0 && state.isMirrorLocked(self)) {
            moves.add("gives up waiting", state.with(self, Party.NEW));
        } else {
            moves.add(
                    "locks the mirror rows of those that are gone",
                    state.with(
                            self,
                            party.lockingMirror(party.mirrorLocks() | there)
                                    .seeing(party.rows(), there)
                                    .at(Place.SURE)));
        }
    }

    /** Deletes rows that are still gone, and applies each entity's keys as usual: locked and read again. */
    private void apply(CircleState state, int self, Moves<CircleState> moves) {
        Party party = state.parties().get(self);
        int present = changed(NONE, state.legacy());
        int deleted = holds(Rule.CIRCLE_LOOKS_AGAIN_BEFORE_IT_DELETES) ? party.gone() & ~present : party.gone();
        boolean asEver = holds(Rule.CIRCLE_APPLIES_AS_EVER);
        deleted |= asEver ? noted(party) & ~present : 0;
        int applied = noted(party) & (asEver ? present : written(party));
        int locks = asEver && shared ? party.locks() | applied : party.locks();
        int changing = deleted | written(party) | applied;
        boolean waits = state.isLocked(self, locks & ~party.locks());
        if (waits || ((changing & ~party.mirrorLocks()) != 0 && state.isMirrorLocked(self))) {
            moves.add("gives up waiting", state.with(self, Party.NEW));
            return;
        }
        List<Integer> mirror = replaced(state.modern(), written(party), List.of(EMPTIED, EMPTIED));
        mirror = replaced(mirror, deleted, NONE);
        mirror = replaced(mirror, applied, asEver ? state.legacy() : party.rows());
        boolean fits = admits(mirror);
        moves.add(
                fits ? "applies its rows" : "is refused",
                state.with(
                        self,
                        fits
                                ? party.locking(locks, party.held())
                                        .lockingMirror(changing)
                                        .seeing(replaced(NONE, changing, mirror), 0)
                                        .at(Place.APPLIED)
                                : Party.NEW));
    }

    /** In one database this also deletes the intents. */
    private void commit(CircleState state, int self, Moves<CircleState> moves) {
        Party party = state.parties().get(self);
        CircleState next = state.withModern(replaced(state.modern(), party.mirrorLocks(), party.rows()));
        moves.add(
                shared ? "commits" : "commits the mirror",
                shared
                        ? ended(next, self, party.noted())
                        : next.with(self, party.lockingMirror(0).at(Place.COMMITTED)));
    }

    /** The rows that it works on and saw an intent of. */
    private static int noted(Party party) {
        int noted = 0;
        for (int entity = 0; entity < ENTITIES; entity++) {
            noted |= (party.noted() & intentsOf(entity)) == 0 ? 0 : 1 << entity;
        }
        return noted & party.keys();
    }

    private CircleState ended(CircleState state, int self, int noted) {
        Party party = state.parties().get(self);
        int done = noted;
        for (int entity = 0; entity < ENTITIES && !holds(Rule.TOGETHER_WITH_ALL_INTENTS); entity++) {
            done |= party.hasInHand(entity) ? intentsOf(entity) : 0;
        }
        return state.withIntents(state.intents() & ~done).with(self, Party.NEW);
    }

    @Override
    public String violation(CircleState state, boolean end) {
        if (state.modern().contains(EMPTIED)) {
            return "the mirror shows a row without what it refers to";
        }
        if (end && state.moved() && state.isQueued(SECOND)) {
            return "an intent is stranded on the side that decides no more";
        }
        for (int entity = 0; entity < ENTITIES; entity++) {
            boolean there = state.moved() && entity == SECOND;
            List<Integer> deciding = there ? state.modern() : state.legacy();
            if (!deciding.get(entity).equals(state.acknowledged().get(entity))) {
                return "an acknowledged write of entity %d is lost".formatted(entity + 1);
            }
            int queue = there ? MOVED_QUEUE : entity;
            if (!state.legacy().get(entity).equals(state.modern().get(entity)) && !state.isQueued(queue)) {
                return "the mirror of entity %d is behind, and nothing will bring it up to date".formatted(entity + 1);
            }
            if (end && state.isQueued(queue)) {
                return "the row of entity %d waits for ever".formatted(entity + 1);
            }
        }
        return admits(state.modern()) ? "" : "the mirror's server has taken what it must not";
    }

    @Override
    public String mover(CircleState before, CircleState after, int self) {
        if (self == WRITER) {
            return "the writer";
        }
        return self > appliers ? "an operator" : "applier %d".formatted(self);
    }

    @Override
    public CircleState sharing(CircleState state) {
        return state;
    }

    @Override
    public String toString() {
        return "%s, %s to %s and %d writes, %d appliers%s, %d mishaps"
                .formatted(
                        shared ? "one database" : "two databases",
                        mirror,
                        begin,
                        writes,
                        appliers,
                        moves ? ", the second entity moves" : "",
                        mishaps);
    }
}
