package dev.crossfade.flags;

import dev.crossfade.control.AuthorityTable;
import dev.crossfade.control.AuthorityTable.Fence;
import dev.crossfade.control.AuthorityTable.Standing;
import dev.crossfade.control.Contractions;
import dev.crossfade.control.ControlTransaction;
import dev.crossfade.control.Databases;
import dev.crossfade.control.FrozenException;
import dev.crossfade.flags.Gate.Closed;
import dev.crossfade.flags.Gate.Step;
import dev.crossfade.flags.Gate.Verdict;
import dev.crossfade.flags.StageLog.Author;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.CrossfadeException;
import dev.crossfade.model.InvalidInputException;
import dev.crossfade.model.RefusedException;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.model.UnavailableException;
import dev.crossfade.queue.QueueActions;
import dev.crossfade.reconcile.Drain;
import dev.crossfade.reconcile.ReconcileListener;
import dev.crossfade.reconcile.Reconciler;
import dev.crossfade.sql.FailureClass;
import dev.crossfade.sql.ServerMessage;
import dev.crossfade.sql.SqlState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jooq.exception.DataAccessException;

/**
 * Moves entities from stage to stage: one step at a time, through the gates, recorded with author and reason.
 * Entities that move together change in one transaction, so that no transaction of the service sees them at different
 * stages. Thread-safe.
 */
public final class StageChanger {

    /** How long a step may take that moves the authority. */
    private static final Duration FLIP_DEADLINE = Duration.ofSeconds(60);

    private final Databases databases;
    private final List<Gate> gates;
    private final AuthorityFlip flip;
    private final GateListener listener;
    private final StandingWatch watch;
    private final Predicate<String> writtenHere;

    /**
     * Makes what moves entities between stages, with the applier that works off what is left before the authority
     * moves.
     *
     * @param mappings returns the entities; asked at each step
     * @param reconciled told of keys that are brought up to date on the way
     */
    public static StageChanger of(
            Databases databases,
            List<Gate> gates,
            Supplier<List<TableMapping>> mappings,
            ReconcileListener reconciled,
            GateListener listener) {
        Drain drain = new Drain(databases, new Reconciler(databases, reconciled).beside(mappings));
        AuthorityFlip flip = new AuthorityFlip(
                databases,
                drain,
                entity -> mappings.get().stream()
                        .filter(mapping -> mapping.entity().equals(entity))
                        .findFirst(),
                FLIP_DEADLINE);
        return new StageChanger(databases, gates, flip, listener);
    }

    /**
     * Creates the changer.
     *
     * @param gates the conditions of every step
     * @param flip how the authority changes sides
     * @param listener gets the verdicts of the gates
     */
    public StageChanger(Databases databases, List<Gate> gates, AuthorityFlip flip, GateListener listener) {
        this(databases, gates, flip, listener, entity -> false);
    }

    private StageChanger(
            Databases databases,
            List<Gate> gates,
            AuthorityFlip flip,
            GateListener listener,
            Predicate<String> writtenHere) {
        this.writtenHere = writtenHere;
        this.databases = databases;
        this.gates = List.copyOf(gates);
        this.flip = flip;
        this.listener = listener;
        this.watch = new StandingWatch(databases);
    }

    /**
     * Returns a changer of a service, whose threads may be within transactions of their own.
     *
     * @param written tells whether the calling thread has a transaction open that has written an entity
     */
    public StageChanger knowing(Predicate<String> written) {
        return new StageChanger(databases, gates, flip, listener, written);
    }

    /**
     * A change that is asked for.
     *
     * @param entities the entities to move together
     * @param to the stage to move to
     * @param author who asks and why
     * @param force whether closed gates are overruled; an authority flip still demands a drained backlog
     * @param ramps for entities that move from {@code shadow-read} to {@code modern-read}: the share of their reads
     *         that the modern side answers from then on, in per mille; whether the ramp is by key or tenant stays. An
     *         entity that is not named keeps its ramp; if it never had one, the modern side answers <em>all</em> its
     *         reads
     */
    public record Request(List<String> entities, Stage to, Author author, boolean force, Map<String, Integer> ramps) {

        /**
         * Copies the entities; refuses a forced change without a reason, and a ramp that is invalid or does not
         * belong to the step.
         */
        public Request {
            entities = entities.stream().distinct().sorted().toList();
            ramps = Map.copyOf(ramps);
            if (force && (author.reason() == null || author.reason().isBlank())) {
                throw new InvalidInputException("A gate is overruled only with a reason. Add --reason \"…\".");
            }
            if (!ramps.isEmpty() && (to != Stage.MODERN_READ || !entities.containsAll(ramps.keySet()))) {
                throw new InvalidInputException(
                        "A ramp is set by the step to %s, for an entity that takes it. Set it for others with `crossfade flags ramp`."
                                .formatted(Stage.MODERN_READ.label()));
            }
            ramps.values().forEach(Ramp::requireShare);
        }

        /** Returns a request that keeps the present ramps. */
        public Request(List<String> entities, Stage to, Author author, boolean force) {
            this(entities, to, author, force, Map.of());
        }

        /** Returns this step to {@code modern-read} with the same ramp for all its entities, in per mille. */
        public Request ramped(int perMille) {
            return new Request(
                    entities,
                    to,
                    author,
                    force,
                    entities.stream().collect(Collectors.toMap(entity -> entity, entity -> perMille)));
        }
    }

    /**
     * A change that was made.
     *
     * @param overruled the gates that were closed, by name
     */
    public record Change(String entity, Stage from, Stage to, Map<String, Closed> overruled) {}

    /**
     * Moves entities; those that are at the stage already are left alone. All gates of all steps are asked, and their
     * verdicts are recorded with the change.
     *
     * @throws InvalidInputException if an entity is not known
     * @throws GatesClosedException if a gate is closed; nothing was changed
     * @throws RefusedException if a step is skipped, an entity is frozen or contracted, or the step would wait for a
     *     transaction that the calling thread has open; nothing was changed
     */
    public List<Change> change(Request request) {
        List<Step> steps = steps(request);
        requireNotWrittenHere(steps);
        requireNotFrozen(steps);
        long lastDiscard = QueueActions.lastDiscard(databases.controlDsl(), request.entities());
        Map<String, Map<String, Verdict>> verdicts = new LinkedHashMap<>();
        steps.forEach(step -> verdicts.put(step.entity(), verdicts(step)));
        boolean refused =
                verdicts.values().stream().anyMatch(ofOne -> !closed(ofOne).isEmpty());
        if (refused && !request.force()) {
            throw new GatesClosedException(steps, closedOnes(verdicts));
        }
        make(new DecidedChange(steps, request.author(), verdicts, lastDiscard, request.ramps()));
        return steps.stream()
                .map(step -> new Change(
                        step.entity(),
                        step.from().stage(),
                        step.to(),
                        closed(verdicts.getOrDefault(step.entity(), Map.of()))))
                .toList();
    }

    /** A step that waits for writers would wait for its own thread. */
    private void requireNotWrittenHere(List<Step> steps) {
        for (Step step : steps) {
            boolean waits = step.movesAuthority()
                    || (step.switchesMirror() && step.from().stage().authority() == Side.MODERN);
            if (waits && writtenHere.test(step.entity())) {
                throw new RefusedException(
                        "The step to %s waits for the writers of %s, and this very thread is in a transaction that has written it. Commit or roll that back first, then move the stage."
                                .formatted(step.to().label(), step.entity()));
            }
        }
    }

    /** Whoever goes back without moving the authority may do so while the modern database is away. */
    private void requireNotFrozen(List<Step> steps) {
        if (steps.stream().anyMatch(step -> step.movesAuthority() || step.isForward())) {
            watch.look(Map.of());
        }
        for (Step step : steps) {
            AuthorityTable.fence(databases.controlDsl(), step.entity())
                    .flatMap(Fence::frozen)
                    .ifPresent(reason -> {
                        throw new FrozenException(step.entity(), reason);
                    });
        }
    }

    private void make(DecidedChange change) {
        Optional<Side> leaving = change.steps().stream()
                .filter(Step::movesAuthority)
                .map(step -> step.from().stage().authority())
                .findFirst();
        if (leaving.isPresent()) {
            flip.flip(leaving.get(), change);
        } else if (change.steps().stream().anyMatch(Step::switchesMirror)) {
            flip.switchMirror(change);
        } else {
            ControlTransaction.on(databases.controlDsl()).run(control -> control.connection(change::record));
        }
    }

    /** Returns every gate's verdict on a step, in the order of the gates. */
    public Map<String, Verdict> verdicts(Step step) {
        Map<String, Verdict> verdicts = new LinkedHashMap<>();
        gates.forEach(gate -> verdicts.put(gate.name(), verdict(gate, step)));
        listener.gatesChecked(step, Collections.unmodifiableMap(verdicts));
        return verdicts;
    }

    /**
     * Asks only the closed gates again: some of the others do more than read, such as the trial.
     *
     * @return those that are still closed, as in {@link GatesClosedException#closed}; none if an entity's stage has
     *         changed since
     */
    public Map<String, Map<String, Closed>> stillClosed(GatesClosedException refused) {
        Map<String, Standing> now = standings();
        if (refused.steps().stream().anyMatch(step -> !step.from().equals(now.get(step.entity())))) {
            return Map.of();
        }
        Map<String, Map<String, Verdict>> verdicts = new LinkedHashMap<>();
        for (Step step : refused.steps()) {
            Set<String> names =
                    refused.closed().getOrDefault(step.entity(), Map.of()).keySet();
            Map<String, Verdict> again = new LinkedHashMap<>();
            gates.stream()
                    .filter(gate -> names.contains(gate.name()))
                    .forEach(gate -> again.put(gate.name(), verdict(gate, step)));
            verdicts.put(step.entity(), again);
        }
        return closedOnes(verdicts);
    }

    /** A gate whose check fails is closed. */
    private static Verdict verdict(Gate gate, Step step) {
        try {
            return gate.check(step);
        } catch (DataAccessException e) {
            return unknown(ServerMessage.of(e), "Bring the database back first.", mayPass(e));
        } catch (CrossfadeException e) {
            String message = String.valueOf(e.getMessage());
            return unknown(
                    message.lines().map(String::strip).collect(Collectors.joining(" ")),
                    "Put that right first.",
                    e instanceof UnavailableException && mayPass(e));
        }
    }

    /**
     * Tells whether waiting may help: no connection, a lock, a timeout, a server that is full, starting or stopping.
     */
    private static boolean mayPass(Throwable failure) {
        String state = FailureClass.sqlState(failure);
        return state.isEmpty()
                || SqlState.isOutage(state)
                || SqlState.isConflict(state)
                || state.equals(SqlState.QUERY_CANCELED);
    }

    private static Closed unknown(String message, String remedy, boolean mayPass) {
        String seen = "it cannot be looked at: " + ServerMessage.clause(message);
        return mayPass ? Closed.meanwhile(seen, "an answer", remedy) : new Closed(seen, "an answer", remedy);
    }

    /**
     * Returns the ramp that is set for an entity, whatever its stage; empty if none ever was.
     *
     * @throws InvalidInputException if someone edited the table so that it is invalid
     */
    public Optional<Ramp> ramp(String entity) {
        return FlagStore.ramp(databases.controlDsl(), entity);
    }

    /** Returns the standing of every known entity. */
    public Map<String, Standing> standings() {
        return new TreeMap<>(AuthorityTable.all(databases.controlDsl()));
    }

    /**
     * Returns the standing of an entity.
     *
     * @throws InvalidInputException if the entity is not known; the message lists the known ones
     */
    public Standing standing(String entity) {
        Map<String, Standing> all = standings();
        Standing standing = all.get(entity);
        if (standing == null) {
            throw new InvalidInputException("There is no entity '%s'. The entities are: %s."
                    .formatted(entity, all.isEmpty() ? "none yet" : String.join(", ", all.keySet())));
        }
        return standing;
    }

    private List<Step> steps(Request request) {
        List<Step> steps = new ArrayList<>();
        List<String> skips = new ArrayList<>();
        for (String entity : request.entities()) {
            HalfDoneFlip.complete(databases, entity);
            Standing from = standing(entity);
            if (from.stage() != request.to()) {
                Contractions.requireNone(databases.controlDsl(), entity);
                steps.add(new Step(entity, from, request.to(), Set.copyOf(request.entities())));
            }
            if (from.stage() != request.to() && !from.stage().isNeighbourOf(request.to())) {
                skips.add("%s stands at %s; from there it moves to %s, not to %s."
                        .formatted(
                                entity,
                                from.stage().label(),
                                neighbours(from.stage()),
                                request.to().label()));
            }
        }
        if (!skips.isEmpty()) {
            throw new RefusedException(String.join(System.lineSeparator(), skips) + " Go one step at a time.");
        }
        return steps;
    }

    private static Map<String, Closed> closed(Map<String, Verdict> verdicts) {
        Map<String, Closed> closed = new LinkedHashMap<>();
        verdicts.forEach((gate, verdict) -> {
            if (verdict instanceof Closed reason) {
                closed.put(gate, reason);
            }
        });
        return closed;
    }

    private static Map<String, Map<String, Closed>> closedOnes(Map<String, Map<String, Verdict>> verdicts) {
        Map<String, Map<String, Closed>> closed = new LinkedHashMap<>();
        verdicts.forEach((entity, ofOne) -> closed.put(entity, closed(ofOne)));
        closed.values().removeIf(Map::isEmpty);
        return closed;
    }

    private static String neighbours(Stage stage) {
        return Stream.of(stage.previous(), stage.next())
                .flatMap(Optional::stream)
                .map(Stage::label)
                .collect(Collectors.joining(" or "));
    }
}
