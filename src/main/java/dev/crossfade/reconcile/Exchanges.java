package dev.crossfade.reconcile;

import dev.crossfade.mapping.Projection;
import dev.crossfade.model.RecordKey;
import dev.crossfade.sql.SqlState;
import dev.crossfade.sql.TextStatement;
import dev.crossfade.statement.Replacement;
import dev.crossfade.statement.UniqueRule;
import dev.crossfade.statement.UniqueRuleSql;
import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Writes rows that exchange unique values: swapped, rotated or handed on. There may be no order in which to write
 * them one by one, and a server that checks each row as it is written also refuses them in one statement. So a first
 * statement gives the values up and a second one in the same transaction takes them; nobody sees the intermediate
 * state. Thread-safe.
 */
final class Exchanges {

    private final Projection projection;
    private final UniqueRuleSql sql;

    /**
     * How many of the values bound for a row belong to the mirror row: a statement may bind more for other purposes.
     */
    private final int width;

    /**
     * Creates it for a direction of a mapping.
     *
     * @param reading whether the authoritative table is in the mirror's database: then keys are bound, else mirror rows
     */
    Exchanges(Projection projection, boolean reading) {
        this.projection = projection;
        this.sql = new UniqueRuleSql(projection, reading);
        this.width = reading
                ? projection.source().key().size()
                : projection.targetColumns().size();
    }

    /**
     * Rows that the mirror accepts only together.
     *
     * @param keys their keys, in the order of the batch
     * @param givers for each rule the keys that give up a value which another key gets
     */
    record Exchange(List<RecordKey> keys, Map<UniqueRule, Set<RecordKey>> givers) {}

    /**
     * The result of examining the rows of a batch.
     *
     * @param refused keys whose value is held by a row that is not in the batch, keeps it or cannot be written, and
     *         why
     * @param exchanges groups of rows that can be written together
     * @param others keys that take no part in any of these
     */
    record Found(Map<RecordKey, SQLException> refused, List<Exchange> exchanges, List<RecordKey> others) {}

    /**
     * A row that is to get a value which another one has. Places are counted from 1; 0 if the other is not in the
     * batch.
     */
    private record Collision(int place, int rule, int other, Optional<RecordKey> holder) {

        /** Tells whether both are to get the same value, so that only one of them can be written. */
        boolean isOfTwoWanting() {
            return holder.isEmpty();
        }
    }

    /**
     * Examines the rows of a batch, one of which was refused for a unique value.
     *
     * @param values the bind values of the statements for the keys
     */
    Found among(Connection mirror, List<RecordKey> keys, Object[] values) throws SQLException {
        List<UniqueRule> rules = UniqueRule.of(mirror, projection);
        List<Collision> collisions = rules.isEmpty()
                ? List.of()
                : sql.collisions(rules).query(mirror, Exchanges::collision, Arrays.copyOf(values, width));
        Map<Integer, SQLException> refused = refused(keys, rules, collisions);
        int[] group = new int[keys.size() + 1];
        Map<Integer, List<Collision>> groups = new LinkedHashMap<>();
        for (int place = 1; place < group.length; place++) {
            group[place] = place;
        }
        for (Collision one : collisions) {
            if (!refused.containsKey(one.place())) {
                group[root(group, one.place())] = root(group, one.other());
            }
        }
        for (Collision one : collisions) {
            if (!refused.containsKey(one.place())) {
                groups.computeIfAbsent(root(group, one.place()), root -> new ArrayList<>())
                        .add(one);
            }
        }
        Map<RecordKey, SQLException> reasons = new LinkedHashMap<>();
        refused.forEach((place, reason) -> reasons.put(keys.get(place - 1), reason));
        Set<RecordKey> dealtWith = new HashSet<>(reasons.keySet());
        List<Exchange> exchanges = groups.values().stream()
                .map(those -> exchange(those, keys, rules))
                .toList();
        exchanges.forEach(one -> dealtWith.addAll(one.keys()));
        return new Found(
                reasons,
                exchanges,
                keys.stream().filter(key -> !dealtWith.contains(key)).toList());
    }

    private static Collision collision(ResultSet row) throws SQLException {
        Array holder = row.getArray(4);
        return new Collision(
                row.getInt(1),
                row.getInt(2),
                row.getInt(3),
                holder == null ? Optional.empty() : Optional.of(RecordKey.of((String[]) holder.getArray())));
    }

    /** A row that is not written keeps its value, so the rows that want it cannot be written either. */
    private static Map<Integer, SQLException> refused(
            List<RecordKey> keys, List<UniqueRule> rules, List<Collision> collisions) {
        Map<Integer, List<Collision>> wanting = new HashMap<>();
        Deque<Collision> stuck = new ArrayDeque<>();
        for (Collision one : collisions) {
            if (one.other() == 0 || one.isOfTwoWanting()) {
                stuck.add(one);
            } else {
                wanting.computeIfAbsent(one.other(), place -> new ArrayList<>()).add(one);
            }
        }
        Map<Integer, SQLException> refused = new LinkedHashMap<>();
        while (!stuck.isEmpty()) {
            Collision one = stuck.remove();
            Optional<RecordKey> holder =
                    one.holder().isPresent() ? one.holder() : Optional.of(keys.get(one.other() - 1));
            SQLException reason =
                    new HeldValueException(rules.get(one.rule() - 1).name(), holder);
            if (refused.putIfAbsent(one.place(), reason) == null) {
                stuck.addAll(Optional.ofNullable(wanting.get(one.place())).orElse(List.of()));
            }
        }
        return refused;
    }

    private static int root(int[] group, int place) {
        int root = place;
        while (group[root] != root) {
            group[root] = group[group[root]];
            root = group[root];
        }
        return root;
    }

    private static Exchange exchange(List<Collision> collisions, List<RecordKey> keys, List<UniqueRule> rules) {
        Set<Integer> places = new TreeSet<>();
        Map<UniqueRule, Set<RecordKey>> givers = new LinkedHashMap<>();
        for (Collision one : collisions) {
            places.add(one.place());
            places.add(one.other());
            givers.computeIfAbsent(rules.get(one.rule() - 1), rule -> new LinkedHashSet<>())
                    .add(keys.get(one.other() - 1));
        }
        return new Exchange(places.stream().map(place -> keys.get(place - 1)).toList(), givers);
    }

    /**
     * Writes the rows of some exchanges; after a failure the caller must roll back.
     *
     * @param plain the statement that writes mirror rows
     * @param values the bind values of the statements for some of the keys
     */
    void write(
            Connection mirror,
            Collection<Exchange> exchanges,
            TextStatement plain,
            Function<List<RecordKey>, Object[]> values)
            throws SQLException {
        Set<RecordKey> replaced = new LinkedHashSet<>();
        for (Map.Entry<UniqueRule, List<RecordKey>> one : givers(exchanges).entrySet()) {
            if (one.getKey().emptied().isEmpty()) {
                replaced.addAll(one.getValue());
            } else {
                sql.empty(one.getKey()).update(mirror, TextStatement.arrays(one.getValue()));
            }
        }
        if (!replaced.isEmpty()) {
            replace(mirror, exchanges, values.apply(List.copyOf(replaced)));
        }
        List<RecordKey> keys =
                exchanges.stream().flatMap(one -> one.keys().stream()).toList();
        int written = plain.update(mirror, values.apply(keys));
        // a statement that notes lossy keys reports failures itself and does not return the number of rows
        if (written >= 0 && written != keys.size()) {
            throw new SQLException(
                    "a trigger or rule of the mirror's table keeps rows from being written that exchange values",
                    SqlState.INTEGRITY_VIOLATION);
        }
    }

    private static Map<UniqueRule, List<RecordKey>> givers(Collection<Exchange> exchanges) {
        Map<UniqueRule, List<RecordKey>> givers = new LinkedHashMap<>();
        exchanges.forEach(exchange -> exchange.givers()
                .forEach((rule, keys) ->
                        givers.computeIfAbsent(rule, one -> new ArrayList<>()).addAll(keys)));
        return givers;
    }

    private void replace(Connection mirror, Collection<Exchange> exchanges, Object[] values) throws SQLException {
        Replacement replacement = Replacement.of(mirror, projection);
        if (replacement.obstacle().isPresent()) {
            UniqueRule rule = givers(exchanges).keySet().stream()
                    .filter(one -> one.emptied().isEmpty())
                    .findFirst()
                    .orElseThrow();
            throw new HeldValueException(rule.name(), replacement.obstacle().get());
        }
        sql.replace(replacement.kept()).update(mirror, Arrays.copyOf(values, width));
    }
}
