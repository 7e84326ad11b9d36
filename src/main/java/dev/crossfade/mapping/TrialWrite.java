package dev.crossfade.mapping;

import dev.crossfade.control.ControlSchema;
import dev.crossfade.control.Databases;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.Name;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;

/**
 * Tries what the databases do to a mirror row: writes rows to the mirror as the mapping writes them there, reads them back,
 * compares them with what was meant, and undoes everything. So whatever changes rows is found, without being known by kind:
 * triggers, rules, defaults, types that cut, constraints.
 *
 * <p>The rows are the first and the last ones by key, and rows made of values at the edges of the columns' types, as far as the
 * authoritative side admits them. Nothing is committed. Each row's locks last for some milliseconds; a lock that is not to be had
 * within 50 ms, or a statement that takes longer than half a second, leaves a row untried. What is not undone with a
 * transaction stays: values drawn from a sequence by a column that the mapping does not write, and what a trigger does past
 * the transaction (dblink, a program). Thread-safe.
 */
public final class TrialWrite {

    /** For whoever waits for a gate. */
    public static final Duration BRIEF = Duration.ofMillis(1500);

    /** For whoever has asked for it. */
    public static final Duration THOROUGH = Duration.ofSeconds(5);

    private static final int ENDS = 3;

    private final Databases databases;
    private final List<TableMapping> all;
    private final Duration longest;

    /**
     * Makes the trial of mappings between these databases.
     *
     * @param all every mapping that is known: a row that refers to another entity's may have to wait for it
     * @param longest after how long a run leaves the rows untried that are left
     */
    public TrialWrite(Databases databases, Collection<TableMapping> all, Duration longest) {
        this.databases = databases;
        this.all = List.copyOf(all);
        this.longest = longest;
    }

    /**
     * How a trial ended.
     *
     * @param rows how many rows were written to the mirror
     * @param untried how many rows were not: locked, refused by the authoritative side, or no time was left
     * @param findings what came of it
     */
    public record Outcome(int rows, int untried, List<Finding> findings) {

        /** Copies the findings. */
        public Outcome {
            findings = List.copyOf(findings);
        }
    }

    /** What came of one row. */
    private enum Tried {
        /** The mirror has it as it was meant. */
        KEPT,
        /** It was not written: the authoritative side does not admit it, or somebody has locked it. */
        NOT,
        /** Something was found. */
        TROUBLE
    }

    /** The trial of one direction of one mapping. */
    private record Trial(TrialSession session, TrialRows rows, TrialMirror mirror, TrialFindings found, long deadline) {

        boolean hasTime() {
            return System.nanoTime() < deadline && session.isAlive();
        }
    }

    /**
     * Tries one direction of a mapping whose check found no errors.
     *
     * @param authority the side that is copied from
     * @throws dev.crossfade.model.UnavailableException if a database cannot be reached or used
     */
    public Outcome run(TableMapping mapping, Side authority) {
        LiveMapping live = live(mapping);
        if (live.sides().stream().anyMatch(side -> live.table(side).isEmpty())) {
            return new Outcome(0, 0, List.of());
        }
        Projection projection = mapping.from(authority);
        try (TrialSession session = TrialSession.open(databases, projection)) {
            TableHooks hooks = session.undone(() -> TableHooks.read(session.mirror(), projection.target()));
            TrialFindings found = new TrialFindings(live, projection, hooks, all);
            Trial trial = new Trial(
                    session,
                    TrialRows.read(session.source(), live, projection),
                    new TrialMirror(session, live, projection, found),
                    found,
                    System.nanoTime() + longest.toNanos());
            return run(trial);
        } catch (DataAccessException e) {
            SQLException cause = e.getCause(SQLException.class);
            throw ControlSchema.explain(cause == null ? new SQLException(e) : cause);
        } catch (SQLException e) {
            throw ControlSchema.explain(e);
        }
    }

    private static Outcome run(Trial trial) throws SQLException {
        int written = 0;
        int untried = 0;
        for (RecordKey key : trial.rows().ends(trial.session().source(), ENDS)) {
            Tried tried = trial.hasTime() ? existing(trial, key) : Tried.NOT;
            written += tried == Tried.NOT ? 0 : 1;
            untried += tried == Tried.NOT ? 1 : 0;
        }
        boolean made = true;
        for (int row = 0; row < trial.rows().rows(); row++) {
            Tried tried = generated(trial, row, Optional.empty(), made);
            if (row == 0 && tried == Tried.NOT) {
                made = false;
                tried = generated(trial, row, Optional.empty(), false);
            }
            if (tried != Tried.KEPT) {
                for (String column : trial.rows().varied()) {
                    tried = generated(trial, row, Optional.of(column), made);
                    written += tried == Tried.NOT ? 0 : 1;
                    untried += tried == Tried.NOT ? 1 : 0;
                }
            } else {
                written++;
            }
        }
        return new Outcome(written, untried, trial.found().findings());
    }

    private static Tried existing(Trial trial, RecordKey key) throws SQLException {
        return trial.session().undone(() -> mirrored(trial, key));
    }

    /** Tries a row that the authoritative side is given, or a row there that is given other values. */
    private static Tried generated(Trial trial, int row, Optional<String> only, boolean made) throws SQLException {
        if (!trial.hasTime()) {
            return Tried.NOT;
        }
        Map<String, @Nullable String> values = trial.rows().values(row, only);
        return trial.session().undone(() -> {
            Optional<RecordKey> key;
            try {
                key = made
                        ? trial.rows().store(trial.session().source(), values)
                        : trial.rows().change(trial.session().source(), values);
            } catch (SQLException e) {
                // The authoritative side does not admit it, so there is nothing to mirror.
                return Tried.NOT;
            }
            return key.isEmpty() ? Tried.NOT : mirrored(trial, key.get());
        });
    }

    private static Tried mirrored(Trial trial, RecordKey key) throws SQLException {
        TrialFindings found = trial.found();
        int before = found.count();
        if (!trial.mirror().write(key)) {
            return Tried.NOT;
        }
        return found.count() > before ? Tried.TROUBLE : Tried.KEPT;
    }

    private LiveMapping live(TableMapping mapping) {
        List<Name> legacy = List.of(mapping.legacy().qualifiedName());
        List<Name> modern = mapping.kind() == TableMapping.Kind.TABLE
                ? List.of(mapping.modern().qualifiedName())
                : List.of();
        Catalogs catalogs = Catalogs.read(databases, legacy, modern);
        return new LiveMapping(mapping, catalogs.table(mapping, Side.LEGACY), catalogs.table(mapping, Side.MODERN));
    }
}
