package dev.crossfade.reconcile;

import dev.crossfade.control.Databases;
import dev.crossfade.control.FrozenException;
import dev.crossfade.control.OtherMappingException;
import dev.crossfade.control.StandingChangedException;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import dev.crossfade.queue.Intents;
import dev.crossfade.queue.MissedWrites;
import dev.crossfade.queue.MissedWrites.Claim;
import dev.crossfade.queue.PendingKeys.PendingKey;
import dev.crossfade.reconcile.NeededRows.Row;
import dev.crossfade.reconcile.Transfer.Result;
import dev.crossfade.sql.CanonicalTransaction;
import dev.crossfade.sql.CanonicalTransaction.Limits;
import dev.crossfade.sql.FailureClass;
import dev.crossfade.sql.SqlState;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jooq.exception.DataAccessException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies rows that were refused because they refer to rows of another entity whose rows refer back, or that cannot
 * be deleted because such rows refer to them: no order of the entities would help. The authoritative rows determine
 * what a row needs; all these keys are noted like any other key and applied together. Thread-safe.
 */
final class Circles {

    /** The most rows that are applied together if nobody waits for them. */
    private static final int MOST = 10_000;

    /** The same if writers of a service may wait for them. */
    private static final int MOST_OF_A_SERVICE = 500;

    /** How often a refused batch is retried with fewer rows. */
    private static final int FAILURES = 32;

    private static final Set<FailureClass> DEPENDING = Set.of(FailureClass.WAITS_FOR_PARENT, FailureClass.REFERENCED);

    private static final Duration STATEMENT_TIMEOUT = Duration.ofSeconds(15);

    /** In one database writers of the keys wait this long for a paused process. */
    private static final Duration SILENCE_OVER_LOCKS = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(Circles.class);

    private final Databases databases;
    private final Reconciler reconciler;
    private final Supplier<? extends Collection<TableMapping>> all;
    private final MissedWrites missedWrites;
    private final Limits limits;
    private final int most;

    /**
     * Creates it for the known entities.
     *
     * @param patience how long a writer of a key may have to wait for a statement that copies it
     */
    Circles(
            Databases databases,
            Reconciler reconciler,
            Supplier<? extends Collection<TableMapping>> all,
            MissedWrites missedWrites,
            Duration patience) {
        this.databases = databases;
        this.reconciler = reconciler;
        this.all = all;
        this.missedWrites = missedWrites;
        boolean beside = patience.compareTo(Reconciler.USUAL_PATIENCE) < 0;
        this.limits = databases.areShared()
                ? new Limits(CanonicalTransaction.GIVING_WAY, patience, SILENCE_OVER_LOCKS)
                : new Limits(CanonicalTransaction.GIVING_WAY, STATEMENT_TIMEOUT, STATEMENT_TIMEOUT.plusSeconds(5));
        this.most = databases.areShared() && beside ? MOST_OF_A_SERVICE : MOST;
    }

    /**
     * Applies refused keys again, together with the rows that they need.
     *
     * @return the result of the batch
     */
    Result bringIn(TableMapping mapping, Side authority, Result first) {
        Map<RecordKey, PendingKey> waiting = new LinkedHashMap<>();
        first.refused().forEach((work, reason) -> {
            if (DEPENDING.contains(FailureClass.of(reason))) {
                waiting.put(work.key(), work);
            }
        });
        if (waiting.isEmpty() || all.get().size() < 2) {
            return first;
        }
        try {
            return EntityCircle.around(mapping, authority, all.get(), databases, reconciler)
                    .map(circle -> new Attempt(circle, mapping.entity(), waiting, first).result())
                    .orElse(first);
        } catch (SQLException | DataAccessException | MirrorOutageException e) {
            LOG.debug(
                    "{}: it cannot be seen which entities its waiting rows belong together with.", mapping.entity(), e);
            return first;
        }
    }

    /** The attempts after one refusal. */
    private final class Attempt {

        private final EntityCircle circle;
        private final String entity;
        private final Map<RecordKey, PendingKey> waiting;
        private final CircleTransfer transfer;
        private final Set<RecordKey> broughtIn = new HashSet<>();
        private Result result;
        private int failures;

        Attempt(EntityCircle circle, String entity, Map<RecordKey, PendingKey> waiting, Result first) {
            this.circle = circle;
            this.entity = entity;
            this.waiting = waiting;
            this.transfer = new CircleTransfer(databases, circle, limits);
            this.result = first;
        }

        /** Returns the result of the batch; keys that cannot be tried keep their result. */
        Result result() {
            try {
                bringIn(List.copyOf(waiting.keySet()));
            } catch (SQLException
                    | DataAccessException
                    | StandingChangedException
                    | OtherMappingException
                    | FrozenException e) {
                LOG.debug("{}: rows that fit only with those of other entities wait.", entity, e);
            }
            return result;
        }

        private void bringIn(List<RecordKey> keys) throws SQLException {
            List<Row> rows = keys.stream()
                    .filter(key -> !broughtIn.contains(key))
                    .map(key -> new Row(entity, key))
                    .toList();
            if (rows.isEmpty() || failures > FAILURES) {
                return;
            }
            Set<RecordKey> referred = result.refused().entrySet().stream()
                    .filter(one -> FailureClass.of(one.getValue()) == FailureClass.REFERENCED)
                    .map(one -> one.getKey().key())
                    .collect(Collectors.toSet());
            Optional<List<Set<Row>>> groups = new NeededRows(databases, circle, most)
                    .groups(
                            rows,
                            rows.stream()
                                    .filter(row -> referred.contains(row.key()))
                                    .toList());
            if (groups.isPresent()) {
                apply(groups.get());
                return;
            }
            failures++;
            if (keys.size() > 1) {
                bringIn(keys.subList(0, keys.size() / 2));
                bringIn(keys.subList(keys.size() / 2, keys.size()));
            }
        }

        private void apply(List<Set<Row>> groups) throws SQLException {
            if (groups.isEmpty() || failures > FAILURES) {
                return;
            }
            Map<String, Set<RecordKey>> keys = new LinkedHashMap<>();
            groups.forEach(group -> group.forEach(row ->
                    keys.computeIfAbsent(row.entity(), one -> new HashSet<>()).add(row.key())));
            try {
                applyTogether(keys);
            } catch (SQLException e) {
                LOG.debug("{}: {} rows that fit only together are refused.", entity, keys, e);
                if (FailureClass.of(e) == FailureClass.OUTAGE && !mayFitHalved(e)) {
                    throw e;
                }
                failures++;
                if (groups.size() > 1) {
                    apply(groups.subList(0, groups.size() / 2));
                    apply(groups.subList(groups.size() / 2, groups.size()));
                }
            }
        }

        private void applyTogether(Map<String, Set<RecordKey>> keys) throws SQLException {
            Map<String, List<Claim>> missed = new LinkedHashMap<>();
            Map<String, List<PendingKey>> work = new LinkedHashMap<>();
            for (Map.Entry<String, Set<RecordKey>> one : keys.entrySet()) {
                boolean own = one.getKey().equals(entity);
                Set<RecordKey> others = one.getValue().stream()
                        .filter(key -> !own || !waiting.containsKey(key))
                        .collect(Collectors.toSet());
                List<PendingKey> those = new ArrayList<>();
                one.getValue().stream()
                        .filter(key -> !others.contains(key))
                        .map(waiting::get)
                        .forEach(those::add);
                missed.put(one.getKey(), missedWrites.claims(one.getKey(), others));
                Intents.note(circle.member(one.getKey()).hold(), others)
                        .forEach(intent -> those.add(new PendingKey(intent.key(), List.of(intent))));
                work.put(one.getKey(), those);
            }
            Map<String, Result> results = transfer.apply(work);
            missed.forEach(missedWrites::cleared);
            keys.getOrDefault(entity, Set.of()).stream()
                    .filter(waiting::containsKey)
                    .forEach(broughtIn::add);
            Optional.ofNullable(results.get(entity)).ifPresent(this::merge);
        }

        private void merge(Result own) {
            result = result.and(own.of(work -> waiting.containsKey(work.key())));
        }
    }

    /** After a conflict, a timeout or lack of memory fewer rows may succeed. */
    private static boolean mayFitHalved(SQLException failure) {
        String state = FailureClass.sqlState(failure);
        return SqlState.isConflict(state)
                || state.equals(SqlState.QUERY_CANCELED)
                || state.equals(SqlState.PROGRAM_LIMIT_EXCEEDED);
    }
}
