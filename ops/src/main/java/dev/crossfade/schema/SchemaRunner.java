package dev.crossfade.schema;

import dev.crossfade.control.ControlSchema;
import dev.crossfade.control.Databases;
import dev.crossfade.model.CrossfadeException;
import dev.crossfade.model.InvalidInputException;
import dev.crossfade.model.RefusedException;
import dev.crossfade.model.UnavailableException;
import dev.crossfade.schema.DestructionGate.Objection;
import dev.crossfade.schema.DestructionGate.Overruling;
import dev.crossfade.schema.file.Migration;
import dev.crossfade.schema.file.MigrationDirectory;
import dev.crossfade.schema.file.MigrationScript;
import dev.crossfade.schema.file.MigrationVersion;
import dev.crossfade.schema.file.Problems;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.jooq.exception.DataAccessException;

/**
 * Runs migrations on the databases of both sides and keeps their history there.
 *
 * <ul>
 *   <li>One runner runs at a time, on whatever process or machine. The next one waits, and then finds nothing left to
 *       do.
 *   <li>Whatever can be refused is refused before the first statement, with all findings in one message.
 *   <li>A migration and its record commit together. One with statements that cannot run in a transaction is recorded
 *       statement by statement, and the next run finishes an interrupted one.
 *   <li>A lock that is not granted in time is given up and retried, so that the service does not queue behind it.
 * </ul>
 *
 * <p>Takes two connections at once: one to the control database and one to the migration's side. The control schema
 * must exist: see {@link ControlSchema#install}. One thread at a time may use an instance.
 */
public final class SchemaRunner {

    private final Databases databases;
    private final MigrationDirectory directory;
    private final DestructionGate gate;
    private final SchemaSettings settings;
    private final SchemaListener listener;

    /** Creates a runner, without connecting yet. */
    public SchemaRunner(
            Databases databases,
            MigrationDirectory directory,
            DestructionGate gate,
            SchemaSettings settings,
            SchemaListener listener) {
        this.databases = databases;
        this.directory = directory;
        this.gate = gate;
        this.settings = settings;
        this.listener = listener;
    }

    /** Returns the state of every migration with a file or a record, lowest version first. Waits for no lock. */
    public List<MigrationStatus> status() {
        try {
            return compare().statuses();
        } catch (DataAccessException e) {
            throw unavailable(e);
        }
    }

    /**
     * Applies everything that is pending, lowest version first, and finishes an interrupted run. A contract migration
     * whose gate is closed is left for a later run, with all that follow it, and the listener is told.
     *
     * @return what was applied now, in order; the listener has heard of it before
     * @throws InvalidInputException if files were edited, are missing or are out of order; nothing was run
     * @throws RefusedException if the gate is closed for the first pending migration, or another runner is running;
     *     nothing was run. Also if another session is building an index of the migration that was reached
     * @throws MigrationFailedException if a statement fails; the migrations before it stay applied
     * @throws UnavailableException if a database cannot be reached
     */
    public List<MigrationRun> up() {
        return up(Optional.empty());
    }

    /**
     * Applies what is pending up to and including a version, as {@link #up()} does, but leaves nothing for later.
     *
     * @throws InvalidInputException also if no migration has that version
     * @throws RefusedException also if the gate is closed for a contract migration among them; nothing was run
     */
    public List<MigrationRun> up(MigrationVersion target) {
        if (directory.find(target).isEmpty()) {
            throw new InvalidInputException(
                    "There is no migration of version %s in %s. `crossfade migrate status` lists them."
                            .formatted(target, directory.path()));
        }
        return up(Optional.of(target));
    }

    private List<MigrationRun> up(Optional<MigrationVersion> target) {
        return alone(
                () -> {
                    HistoryComparison comparison = compare();
                    comparison.requireContinuation();
                    return comparison.pending(target);
                },
                Optional.empty(),
                target.isEmpty());
    }

    /** As {@link #down(int, Optional)}, without overruling. */
    public List<MigrationRun> down(int steps) {
        return down(steps, Optional.empty());
    }

    /**
     * Reverts the last applied migrations by their down files, highest version first.
     *
     * @param steps how many
     * @param overruling who overrules the gate's objections, where that is possible; it is recorded
     * @return what was reverted now, in order
     * @throws InvalidInputException if a down file is missing, a migration is only half applied, or fewer than that
     *     many are applied; nothing was run
     * @throws RefusedException if the gate is closed for one of them, or another runner is running; nothing was run.
     *     Also if the gate was closed meanwhile; the migrations before that one stay reverted
     * @throws MigrationFailedException if a statement fails; the migrations before it stay reverted
     * @throws UnavailableException if a database cannot be reached
     */
    public List<MigrationRun> down(int steps, Optional<Overruling> overruling) {
        if (steps < 1) {
            throw new InvalidInputException("%s migrations cannot be reverted. Name 1 or more.".formatted(steps));
        }
        return alone(
                () -> {
                    SequencedMap<MigrationVersion, HistoryEntry> history = History.read(databases);
                    if (steps > history.size()) {
                        throw new InvalidInputException(
                                "%s migrations are to be reverted, and %s are applied. Name %s or fewer."
                                        .formatted(steps, history.size(), history.size()));
                    }
                    return reverts(history.sequencedValues().reversed().stream()
                            .limit(steps)
                            .toList());
                },
                overruling,
                false);
    }

    /** As {@link #downTo(MigrationVersion, Optional)}, without overruling. */
    public List<MigrationRun> downTo(MigrationVersion target) {
        return downTo(target, Optional.empty());
    }

    /** Reverts every migration above a version, as {@link #down(int, Optional)} does; version 0 means all of them. */
    public List<MigrationRun> downTo(MigrationVersion target, Optional<Overruling> overruling) {
        return alone(
                () -> reverts(History.read(databases).sequencedValues().reversed().stream()
                        .filter(entry -> entry.version().compareTo(target) > 0)
                        .toList()),
                overruling,
                false);
    }

    private HistoryComparison compare() {
        return new HistoryComparison(directory, History.read(databases));
    }

    private List<ScriptRun> reverts(List<HistoryEntry> entries) {
        Problems problems = new Problems();
        List<ScriptRun> runs = new ArrayList<>();
        for (HistoryEntry entry : entries) {
            Optional<Migration> migration = directory.find(entry.version());
            Optional<MigrationScript> down = migration.flatMap(Migration::down);
            Optional<String> problem = revertProblem(entry, down);
            problem.ifPresent(finding ->
                    problems.add("version %s (%s)".formatted(entry.version(), entry.description()), finding));
            if (problem.isEmpty()) {
                runs.add(
                        new ScriptRun(migration.orElseThrow(), down.orElseThrow(), Direction.DOWN, Optional.of(entry)));
            }
        }
        problems.throwIfAny("Migrations in " + directory.path());
        return runs;
    }

    private static Optional<String> revertProblem(HistoryEntry entry, Optional<MigrationScript> down) {
        if (Direction.UP.isUnfinished(entry)) {
            return Optional.of("it is half applied. Finish it with `crossfade migrate up`, then revert it.");
        }
        if (down.isEmpty()) {
            return Optional.of("it has no down file. Write V%s__%s.down.sql, or revert by a new migration."
                    .formatted(entry.version(), entry.description().replace(' ', '_')));
        }
        if (Direction.DOWN.isUnfinished(entry) && !entry.continuesWith(down.get())) {
            return Optional.of(
                    "the first %s statements of its down file have run and were changed since. Restore them; what follows them may be corrected."
                            .formatted(entry.statementsDone()));
        }
        return Optional.empty();
    }

    /**
     * Asks the gate about all runs before the first one starts.
     *
     * @return what was overruled, by run
     */
    private Map<ScriptRun, List<Objection>> requireOpenGates(
            List<ScriptRun> runs, Optional<Overruling> overruling, RunnerLock lock) {
        Map<ScriptRun, List<Objection>> overruled = new HashMap<>();
        List<String> closed = new ArrayList<>();
        Optional<MigrationVersion> lastOpen = Optional.empty();
        for (ScriptRun run : runs) {
            List<Objection> objections = objections(run, lock);
            for (Objection objection : objections) {
                if (overruling.isEmpty() || !objection.overrulable()) {
                    closed.add(
                            "%s, entity %s: %s".formatted(run.script().name(), objection.entity(), objection.reason()));
                }
            }
            if (closed.isEmpty()) {
                overruled.put(run, objections);
                lastOpen = Optional.of(run.migration().version());
            }
        }
        if (!closed.isEmpty()) {
            throw refusal(runs.getFirst().direction(), closed, lastOpen);
        }
        return overruled;
    }

    /** Returns the runs before the first one with a closed gate; all of them if that is the very first. */
    private List<ScriptRun> beforeClosedGates(List<ScriptRun> runs, RunnerLock lock) {
        for (ScriptRun run : runs) {
            List<Objection> objections = objections(run, lock);
            if (!objections.isEmpty() && !run.equals(runs.getFirst())) {
                listener.contractionHeldBack(run.migration(), objections);
                return runs.subList(0, runs.indexOf(run));
            }
        }
        return runs;
    }

    private List<Objection> objections(ScriptRun run, RunnerLock lock) {
        return run.destruction()
                .map(act -> gate.objections(act, run.migration().entities(), lock.session()))
                .orElse(List.of());
    }

    private static RefusedException refusal(
            Direction direction, List<String> closed, Optional<MigrationVersion> lastOpen) {
        return switch (direction) {
            case UP ->
                new RefusedException("Contract migrations are refused. Nothing was run.%n%s%s"
                        .formatted(
                                Problems.bullets(closed),
                                lastOpen.map(version ->
                                                "%nWhat comes before can be run by `crossfade migrate up --to %s`."
                                                        .formatted(version))
                                        .orElse("")));
            case DOWN ->
                new RefusedException("Reverting is refused: it would take away what entities use. Nothing was run.%n%s"
                        .formatted(Problems.bullets(closed)));
        };
    }

    /** Decides what to run. */
    @FunctionalInterface
    private interface Choice {
        List<ScriptRun> make();
    }

    /**
     * Keeps other runners out, then decides, asks the gate, and runs.
     *
     * @param asFarAsOpen whether to run what comes before the first closed gate, if there is anything
     */
    private List<MigrationRun> alone(Choice choice, Optional<Overruling> overruling, boolean asFarAsOpen) {
        try (RunnerLock lock = RunnerLock.acquire(databases.control(), settings.runnerWait(), listener)) {
            List<MigrationRun> done = new ArrayList<>();
            List<ScriptRun> chosen = choice.make();
            List<ScriptRun> runs = asFarAsOpen ? beforeClosedGates(chosen, lock) : chosen;
            requireOpenGates(runs, overruling, lock);
            for (ScriptRun run : runs) {
                lock.requireHeld();
                // Stages may move while a migration waits for its locks.
                List<Objection> overruled =
                        requireOpenGates(List.of(run), overruling, lock).getOrDefault(run, List.of());
                if (overruling.isPresent() && !overruled.isEmpty()) {
                    ForcedReverts.record(lock.session(), run.migration(), overruled, overruling.get());
                    listener.objectionsOverruled(run.migration(), overruled);
                }
                done.add(execute(run));
            }
            return done;
        } catch (DataAccessException e) {
            throw unavailable(e);
        } catch (SQLException e) {
            throw ControlSchema.explain(e);
        }
    }

    private MigrationRun execute(ScriptRun run) throws SQLException {
        MigrationRun result;
        try (ScriptSession session = ScriptSession.open(databases.of(run.side()), run.script())) {
            boolean inControl = databases.isControl(run.side());
            ContractionRecord contraction = ContractionRecord.of(run, inControl);
            result = new ScriptExecution(run, session, contraction, settings, listener).execute();
        }
        switch (run.direction()) {
            case UP -> listener.migrationApplied(result);
            case DOWN -> listener.migrationReverted(result);
        }
        return result;
    }

    private static CrossfadeException unavailable(DataAccessException e) {
        SQLException cause = e.getCause(SQLException.class);
        return new UnavailableException(
                ("The runner's own statement failed: %s. Check that the server runs and that the user may use the schema "
                                + "crossfade, then run again; an interrupted migration goes on.")
                        .formatted(cause == null ? e.getMessage() : cause.getMessage()),
                e);
    }
}
