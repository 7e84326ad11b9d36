package dev.crossfade.reconcile;

import dev.crossfade.control.Databases;
import dev.crossfade.model.RecordKey;
import dev.crossfade.reconcile.EntityCircle.Link;
import dev.crossfade.reconcile.EntityCircle.Member;
import dev.crossfade.sql.CanonicalTransaction;
import dev.crossfade.sql.CanonicalTransaction.Limits;
import dev.crossfade.sql.TextStatement;
import dev.crossfade.statement.ReferenceSql;
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
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Finds the rows, within a cycle of entities, that given rows need: the rows that they refer to, directly or
 * indirectly, and that the mirror does not have. It reads without locks; writing the rows shows whether they fit. Not
 * thread-safe.
 */
final class NeededRows {

    private final Databases databases;
    private final EntityCircle circle;
    private final int most;
    private final Map<Row, Set<Row>> needs = new LinkedHashMap<>();
    /**
     * Rows that cannot be written: they refer to a row that neither side has, or that belongs to an entity outside
     * the cycle.
     */
    private final Set<Row> unfit = new HashSet<>();
    /** Rows that may be deleted: for these, the rows that refer to them are needed. */
    private final Set<Row> mayBeGone = new HashSet<>();

    /**
     * Creates it for one search.
     *
     * @param most how many rows it may find
     */
    NeededRows(Databases databases, EntityCircle circle, int most) {
        this.databases = databases;
        this.circle = circle;
        this.most = most;
    }

    /** A row of one of the entities. */
    record Row(String entity, RecordKey key) {}

    /**
     * Returns the rows to write together with the given ones, in groups that can be written independently; given rows
     * that cannot be written are in no group.
     *
     * @param refused those of them that cannot be deleted because other mirror rows refer to them
     * @return empty if there are too many
     */
    Optional<List<Set<Row>>> groups(Collection<Row> wanted, Collection<Row> refused) throws SQLException {
        mayBeGone.addAll(refused);
        Set<Row> next = new LinkedHashSet<>(wanted);
        while (!next.isEmpty()) {
            if (needs.size() + next.size() > most) {
                return Optional.empty();
            }
            next = follow(next);
        }
        leaveOutUnfit();
        return Optional.of(together(wanted));
    }

    /** Returns the rows that the given rows need, without those already seen. */
    private Set<Row> follow(Set<Row> rows) throws SQLException {
        rows.forEach(row -> needs.put(row, new LinkedHashSet<>()));
        Set<Row> found = new LinkedHashSet<>();
        for (Member member : circle.members()) {
            List<RecordKey> keys = rows.stream()
                    .filter(row -> row.entity().equals(member.entity()))
                    .map(Row::key)
                    .toList();
            if (!keys.isEmpty()) {
                found.addAll(follow(member, keys));
            }
        }
        found.removeAll(needs.keySet());
        return found;
    }

    private Set<Row> follow(Member member, List<RecordKey> keys) throws SQLException {
        ReferenceSql sql = new ReferenceSql(member.projection());
        Map<RecordKey, List<List<@Nullable String>>> values = new LinkedHashMap<>();
        int width = member.projection().source().key().size();
        TextStatement reading =
                sql.referredTo(member.links().stream().map(Link::reference).toList());
        look(databases.of(circle.authority()), reading, TextStatement.arrays(keys), row -> {
            List<List<@Nullable String>> texts = new ArrayList<>();
            for (int i = 1; i <= member.links().size(); i++) {
                texts.add(Arrays.asList(
                        (@Nullable String[]) row.getArray(width + i).getArray()));
            }
            return values.put(TextStatement.key(row, 1, width), texts);
        });
        Set<Row> found = new LinkedHashSet<>();
        List<RecordKey> gone = new ArrayList<>();
        for (RecordKey key : keys) {
            Row row = new Row(member.entity(), key);
            if (!values.containsKey(key) && mayBeGone.contains(row)) {
                gone.add(key);
            } else if (!values.containsKey(key)) {
                unfit.add(row);
            }
        }
        if (!gone.isEmpty()) {
            for (Member other : circle.members()) {
                found.addAll(referring(other, member, gone));
            }
        }
        for (int i = 0; i < member.links().size(); i++) {
            found.addAll(absent(member, sql, i, values));
        }
        return found;
    }

    private Set<Row> referring(Member member, Member to, List<RecordKey> gone) throws SQLException {
        Set<Row> found = new LinkedHashSet<>();
        for (Link link : member.links()) {
            if (link.to().filter(to.entity()::equals).isPresent()) {
                TextStatement referring = new ReferenceSql(member.projection())
                        .referring(link.reference(), to.projection().target(), link.order());
                int width = member.projection().target().key().size();
                look(databases.of(circle.authority().opposite()), referring, TextStatement.arrays(gone), row -> {
                    Row here = new Row(member.entity(), TextStatement.key(row, 2, width));
                    neededBy(new Row(to.entity(), gone.get(row.getInt(1) - 1))).add(here);
                    mayBeGone.add(here);
                    return found.add(here);
                });
            }
        }
        return found;
    }

    private Set<Row> absent(
            Member member, ReferenceSql sql, int number, Map<RecordKey, List<List<@Nullable String>>> values)
            throws SQLException {
        Link link = member.links().get(number);
        List<RecordKey> referring = new ArrayList<>();
        List<List<@Nullable String>> texts = new ArrayList<>();
        values.forEach((key, each) -> {
            if (!each.get(number).contains(null)) {
                referring.add(key);
                texts.add(each.get(number));
            }
        });
        if (referring.isEmpty()) {
            return Set.of();
        }
        Set<Row> found = new LinkedHashSet<>();
        look(
                databases.of(circle.authority().opposite()),
                sql.absent(link.reference(), link.key(), link.order()),
                TextStatement.columns(texts),
                row -> {
                    Row here = new Row(member.entity(), referring.get(row.getInt(1) - 1));
                    if (link.to().isEmpty()) {
                        return unfit.add(here);
                    }
                    Row there = new Row(
                            link.to().get(),
                            TextStatement.key(row, 2, link.order().size()));
                    neededBy(here).add(there);
                    return found.add(there);
                });
        return found;
    }

    private Set<Row> neededBy(Row row) {
        return needs.computeIfAbsent(row, one -> new LinkedHashSet<>());
    }

    private static <T> void look(
            DataSource database, TextStatement statement, @Nullable Object[] bound, TextStatement.RowReader<T> reader)
            throws SQLException {
        CanonicalTransaction.in(database, Limits.READING, connection -> statement.query(connection, reader, bound));
    }

    /** A row that needs an unwritable row cannot be written either. */
    private void leaveOutUnfit() {
        Map<Row, List<Row>> neededBy = new HashMap<>();
        needs.forEach((row, needed) -> needed.forEach(
                one -> neededBy.computeIfAbsent(one, by -> new ArrayList<>()).add(row)));
        Deque<Row> next = new ArrayDeque<>(unfit);
        while (!next.isEmpty()) {
            neededBy.getOrDefault(next.remove(), List.of()).stream()
                    .filter(unfit::add)
                    .forEach(next::add);
        }
    }

    private List<Set<Row>> together(Collection<Row> wanted) {
        Map<Row, Row> leaders = new HashMap<>();
        List<Row> fit =
                needs.keySet().stream().filter(row -> !unfit.contains(row)).toList();
        for (Row row : fit) {
            neededBy(row).forEach(needed -> leaders.put(leader(leaders, row), leader(leaders, needed)));
        }
        Set<Row> asked = wanted.stream()
                .filter(row -> !unfit.contains(row))
                .map(row -> leader(leaders, row))
                .collect(Collectors.toSet());
        Map<Row, Set<Row>> groups = new LinkedHashMap<>();
        fit.stream()
                .filter(row -> asked.contains(leader(leaders, row)))
                .forEach(row -> groups.computeIfAbsent(leader(leaders, row), leader -> new LinkedHashSet<>())
                        .add(row));
        return List.copyOf(groups.values());
    }

    private static Row leader(Map<Row, Row> leaders, Row row) {
        Row leader = row;
        while (!leaders.getOrDefault(leader, leader).equals(leader)) {
            leader = leaders.getOrDefault(leader, leader);
        }
        Row passed = row;
        while (!passed.equals(leader)) {
            Row next = leaders.getOrDefault(passed, leader);
            leaders.put(passed, leader);
            passed = next;
        }
        return leader;
    }
}
