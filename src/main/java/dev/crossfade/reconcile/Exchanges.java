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
 * Rows that take over values from each other which must be unique: swapped, rotated, or handed on. No order of writing
 * them one by one may exist, and a server that checks each row as it is written refuses them in one statement too. So
 * the values are given up first, and taken in a second statement of the same transaction, of which nobody sees the
 * middle. Thread-safe.
 */
final class Exchanges {

    private final Projection projection;
    private final UniqueRuleSql sql;

    /**
     * How many of the values that are bound to write a row are looked at: a statement may bind more for purposes of its
     * own.
     */
    private final int width;

    /**
     * Makes this for a direction of a mapping.
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
     * Rows that fit only together.
     *
     * @param keys their keys, in the order of the batch
     * @param givers for each rule those of them that give up a value which another one gets
     */
    record Exchange(List<RecordKey> keys, Map<UniqueRule, Set<RecordKey>> givers) {}

    /**
     * What was found among the rows of a batch.
     *
     * @param refused keys whose value another row has, which is not in the batch, keeps it or cannot be written, and
     *     why
     * @param exchanges rows that fit together
     * @param others keys that have nothing to do with any of these
     */
    record Found(Map<RecordKey, SQLException> refused, List<Exchange> exchanges, List<RecordKey> others) {}

    /**
     * A row that is to get a value which another one has: places counted from 1, 0 where the other is not in the batch.
     */
    private record Collision(int place, int rule, int other, Optional<RecordKey> holder) {

        /** Tells whether both are to get the same value: then only one of them can be written. */
        boolean isOfTwoWanting() {
            return holder.isEmpty();
        }
    }

    /**
     * Looks at the rows of a batch, one of which was refused for a value that must be unique.
     *
     * @param values what the statements bind for the keys
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

    /** A row that stays as it is keeps its value, so those that want it cannot be written either. */
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
     * Writes the rows of some exchanges; what fails is to be undone by the caller.
     *
     * @param plain the statement that writes mirror rows
     * @param values what the statements bind for some of the keys
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
        // a statement that notes what it could not keep tells that by itself, and not how many rows it has written
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
