package dev.crossfade.trial;

import dev.crossfade.check.Catalogs;
import dev.crossfade.check.Finding;
import dev.crossfade.check.LiveMapping;
import dev.crossfade.check.TableHooks;
import dev.crossfade.control.ControlSchema;
import dev.crossfade.control.Databases;
import dev.crossfade.mapping.Projection;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import dev.crossfade.sql.CanonicalTransaction;
import dev.crossfade.sql.ServerMessage;
import dev.crossfade.time.Deadline;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.Name;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what the databases do to mirror rows: writes rows to the mirror as the mapping does, reads them back,
 * compares them with the intended ones, and rolls everything back. This finds everything that changes rows, of
 * whatever kind: triggers, rules, defaults, truncating types, constraints.
 *
 * <p>The rows are the first and the last ones by key, and rows made of values at the edges of the columns' types, as
 * far as the authoritative side accepts them. Nothing is committed. Each row's locks last for some milliseconds; a
 * lock that cannot be acquired within 50 ms, or a statement that takes longer than half a second, leaves a row
 * untried. Effects outside the transaction stay: sequence values drawn by a column that the mapping does not write,
 * and what a trigger does elsewhere (dblink, a program). Thread-safe.
 */
public final class TrialWrite {

    /** The time limit for a caller that waits for a gate. */
    public static final Duration BRIEF = Duration.ofMillis(1500);

    /** The time limit for a caller that asked for the trial. */
    public static final Duration THOROUGH = Duration.ofSeconds(5);

    private static final int ENDS = 3;

    /** No column has this name: the row gets another key and is otherwise a copy. */
    private static final String UNCHANGED = "";

    private final Databases databases;
    private final List<TableMapping> all;
    private final Duration longest;

    /**
     * Creates the trial of mappings between these databases.
     *
     * @param all every known mapping: a row may refer to a row of another entity, which must be written first
     * @param longest the time limit of a run; the rows that are left then stay untried
     */
    public TrialWrite(Databases databases, Collection<TableMapping> all, Duration longest) {
        this.databases = databases;
        this.all = List.copyOf(all);
        this.longest = longest;
    }

    /**
     * How a trial ended.
     *
     * @param rows the number of rows written to the mirror
     * @param untried the number of rows not written: locked, refused by the authoritative side, or out of time
     * @param findings the findings
     */
    public record Outcome(int rows, int untried, List<Finding> findings) {

        /** Copies the findings. */
        public Outcome {
            findings = List.copyOf(findings);
        }
    }

    /** The outcome of one row. */
    private enum Tried {
        /** The mirror stored it as intended. */
        KEPT,
        /** It was not written: somebody has locked it, or there is no time left. */
        NOT,
        /** The authoritative side refuses it, so there is nothing to mirror. */
        NOT_ADMITTED,
        /** Something was found. */
        TROUBLE
    }

    /** Counts of tried and untried rows. */
    private static final class Count {

        private int written;
        private int untried;

        void add(Tried tried) {
            if (tried == Tried.KEPT || tried == Tried.TROUBLE) {
                written++;
            } else {
                untried++;
            }
        }
    }

    /** The trial of one direction of one mapping. */
    private record Trial(
            TrialSession session, TrialRows rows, TrialMirror mirror, TrialFindings found, Deadline deadline) {

        boolean hasTime() {
            return !deadline.isOver() && session.isAlive();
        }
    }

    /**
     * Tries one direction of a mapping whose check found no errors.
     *
     * @param authority the side that is copied from
     * @throws dev.crossfade.model.UnavailableException if a database cannot be reached or used
     */
    public Outcome run(TableMapping mapping, Side authority) {
        List<LiveMapping> known = known(mapping);
        LiveMapping live = known.getFirst();
        if (live.sides().stream().anyMatch(side -> live.table(side).isEmpty())) {
            return new Outcome(0, 0, List.of());
        }
        Projection projection = mapping.from(authority);
        try (TrialSession session = TrialSession.open(databases, projection, longest)) {
            Count count = new Count();
            List<Finding> findings = new ArrayList<>();
            try {
                findings.addAll(run(session, known, projection, count));
            } catch (DataAccessException e) {
                SQLException cause = e.getCause(SQLException.class);
                findings.addAll(notNow(live, count, cause == null ? new SQLException(e) : cause));
            } catch (SQLException e) {
                findings.addAll(notNow(live, count, e));
            }
            return new Outcome(count.written, count.untried, findings);
        } catch (SQLException e) {
            throw ControlSchema.explain(e);
        }
    }

    /**
     * The trial ended early: a lock, a time limit, or a session that was ended because it paused says nothing about
     * the mapping.
     */
    private static List<Finding> notNow(LiveMapping live, Count count, SQLException failure) {
        count.untried++;
        return CanonicalTransaction.lacksPrivilege(failure)
                ? List.of(Finding.warning(
                        live.path(),
                        "No row could be tried: %s.".formatted(ServerMessage.withoutValues(failure)),
                        CanonicalTransaction.remedy(failure, "")))
                : List.of();
    }

    private List<Finding> run(TrialSession session, List<LiveMapping> known, Projection projection, Count count)
            throws SQLException {
        LiveMapping live = known.getFirst();
        TableHooks hooks = session.undone(() -> TableHooks.read(session.mirror(), projection.target()));
        TrialFindings found = new TrialFindings(live, projection, hooks, all);
        Trial trial = new Trial(
                session,
                TrialRows.read(session.source(), live, projection),
                new TrialMirror(
                        session, live, projection, found, new TrialParents(session, known, projection.authority())),
                found,
                Deadline.after(longest));
        for (RecordKey key : trial.rows().ends(session.source(), ENDS)) {
            count.add(trial.hasTime() ? session.undone(() -> mirrored(trial, key)) : Tried.NOT);
        }
        boolean made = generated(trial, 0, Optional.of(UNCHANGED), true) != Tried.NOT_ADMITTED;
        for (int row = 0; row < trial.rows().rows(); row++) {
            Tried all = generated(trial, row, Optional.empty(), made);
            if (all == Tried.KEPT) {
                count.add(all);
            } else {
                for (String column : trial.rows().varied()) {
                    count.add(generated(trial, row, Optional.of(column), made));
                }
            }
        }
        return found.findings();
    }

    /** Tries a new row of the authoritative side, or an existing one with other values. */
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
                return Tried.NOT_ADMITTED;
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

    /** Returns this mapping and then the others, whose rows may have to be written first. */
    private List<LiveMapping> known(TableMapping mapping) {
        List<TableMapping> mappings = new ArrayList<>(List.of(mapping));
        all.stream().filter(other -> !other.equals(mapping)).forEach(mappings::add);
        List<Name> legacy = new ArrayList<>();
        List<Name> modern = new ArrayList<>();
        for (TableMapping one : mappings) {
            legacy.add(one.legacy().qualifiedName());
            if (one.kind() == TableMapping.Kind.TABLE) {
                modern.add(one.modern().qualifiedName());
            }
        }
        Catalogs catalogs = Catalogs.read(databases, legacy, modern);
        return mappings.stream()
                .map(one -> new LiveMapping(one, catalogs.table(one, Side.LEGACY), catalogs.table(one, Side.MODERN)))
                .toList();
    }
}
