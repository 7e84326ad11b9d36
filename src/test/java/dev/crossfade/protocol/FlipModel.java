package dev.crossfade.protocol;

import dev.crossfade.model.Side;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What can happen while flips run, and what must not. */
final class FlipModel implements Explorable<FlipState> {

    /** What both sides hold at the beginning. */
    static final int INITIAL = 15;

    /**
     * A content of the modern row that legacy cannot give back. Whoever writes it to the legacy side notes the key in
     * that transaction, so a note exists exactly if the legacy row has this content.
     */
    static final int LOSSY = 7;

    private static final Set<FlipStep> AT_REST = Set.of(FlipStep.IDLE, FlipStep.DONE, FlipStep.DEAD);

    private final FlipScenario scenario;
    private final List<FlipProgram> programs;
    private final Map<Object, Object> parts = new HashMap<>();

    FlipModel(FlipScenario scenario) {
        this.scenario = scenario;
        this.programs = scenario.processes().stream()
                .map(process -> process.apply(scenario))
                .toList();
    }

    @Override
    public FlipState start() {
        Standing begin = new Standing(scenario.begin(), 1);
        int both = Data.with(Data.with(0, Side.LEGACY, INITIAL), Side.MODERN, INITIAL);
        Data data = new Data(both, 0, begin, true, 0, 0, 0);
        List<FlipActor> fresh =
                programs.stream().map(program -> program.beginning(begin)).toList();
        Facts facts = new Facts(
                INITIAL, false, 0, false, false, Wrong.NOTHING, 1, 1, 0, scenario.refusals(), scenario.mishaps());
        return new FlipState(scenario.isShared(), data, data, null, facts, fresh);
    }

    @Override
    public int processes() {
        return programs.size();
    }

    @Override
    public void moves(FlipState state, int self, Moves<FlipState> moves) {
        FlipProgram program = programs.get(self);
        program.moves(state, self, moves);
        FlipActor actor = state.actor(self);
        Facts facts = state.facts();
        if (AT_REST.contains(actor.at()) || facts.mishaps() == 0) {
            return;
        }
        FlipState later = state.with(facts.mishaps(facts.mishaps() - 1));
        moves.add("IS KILLED", later.with(self, program.killed(actor)));
        if (!state.shared() && actor.legacy().open() && actor.modern().open()) {
            moves.add("LOSES ITS SESSION in the control database", later.with(self, actor.losingItsSession(0)));
        }
    }

    @Override
    public String violation(FlipState state, boolean end) {
        Facts facts = state.facts();
        if (facts.wrong() != Wrong.NOTHING) {
            return facts.wrong().toString();
        }
        if (facts.frozen() && facts.gone() == 0) {
            return "the entity is frozen although no database has gone back";
        }
        Standing standing = state.decided();
        Side authority = standing.authority();
        boolean lost = state.row(authority) != facts.latest();
        if (lost && !isKept(state, authority.opposite())) {
            return "an acknowledged write is lost";
        }
        if (isDecidedWrongly(state, authority)) {
            return "the mirror would win over a newer row, or the authority over one";
        }
        boolean live = facts.gone() == 0 && standing.stage().mirrors();
        boolean noted = state.intents(authority) != 0 || state.legacy().missed() != 0;
        if (live && !facts.unnoted() && !noted && state.row(authority) != state.row(authority.opposite())) {
            return "the mirror is behind, and nothing will bring it up to date";
        }
        return end ? unfinished(state, live && noted, authority) : "";
    }

    /**
     * Once the authoritative side has gone back: whether an operator who lets the mirror win would lose an
     * acknowledged write. The authoritative row is kept if one of its intents never reached the mirror.
     */
    private static boolean isDecidedWrongly(FlipState state, Side authority) {
        boolean hasGoneBack = !state.shared() && state.facts().gone() == state.home(authority) + 1;
        boolean quiet = state.actors().stream()
                .noneMatch(actor -> actor.legacy().open() || actor.modern().open());
        if (!hasGoneBack
                || state.facts().buried()
                || !quiet
                || !state.decided().stage().mirrors()) {
            return false;
        }
        Side mirror = authority.opposite();
        boolean unmirrored =
                (state.intents(authority) & ~state.data(state.home(mirror)).brought()) != 0;
        return state.row(unmirrored ? authority : mirror) != state.facts().latest();
    }

    /**
     * Once a database has gone back: whether the other side still has the acknowledged content, for an operator to
     * decide.
     */
    private static boolean isKept(FlipState state, Side side) {
        return state.facts().gone() != 0 && state.row(side) == state.facts().latest();
    }

    private String unfinished(FlipState state, boolean waiting, Side authority) {
        if (waiting) {
            return "the key waits for ever";
        }
        boolean settled = !state.facts().frozen() && state.facts().gone() == 0;
        if (settled && !state.shared() && state.intents(authority.opposite()) != 0) {
            return "an intent is stranded on the side that does not decide";
        }
        return state.actors().stream().allMatch(actor -> AT_REST.contains(actor.at()))
                ? ""
                : "a process waits for ever";
    }

    @Override
    public String mover(FlipState before, FlipState after, int self) {
        return programs.get(self).name();
    }

    @Override
    public FlipState sharing(FlipState state) {
        return state.sharing(part -> parts.computeIfAbsent(part, one -> one));
    }
}
