package dev.crossfade.reconcile;

import dev.crossfade.control.Databases;
import dev.crossfade.mapping.Projection;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import dev.crossfade.sql.CanonicalTransaction;
import dev.crossfade.sql.CanonicalTransaction.Limits;
import dev.crossfade.sql.TextStatement;
import dev.crossfade.statement.Reference;
import dev.crossfade.statement.ReferenceSql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Orders keys of a table that refers to itself, so that rows come after those that they refer to, and rows in a cycle
 * are next to each other. It reads the authoritative rows without locks: the order is only a hint.
 */
public final class ParentsFirst {

    private static final int CHUNK = 5000;

    private final Databases databases;
    private final Projection projection;

    /** Creates the order for a direction of a mapping. */
    public ParentsFirst(Databases databases, Projection projection) {
        this.databases = databases;
        this.projection = projection;
    }

    /** A row's values in a foreign key, or those that others refer to it by. */
    private record Name(int reference, List<@Nullable String> values) {}

    /** A row with the values that it refers to and those that others refer to it by. */
    private record Links(RecordKey key, List<Name> refersTo, List<Name> names) {}

    /** Returns the keys in that order; unchanged if no row can refer to another row of the table. */
    public List<RecordKey> order(Collection<RecordKey> keys) throws SQLException {
        List<RecordKey> all = List.copyOf(new LinkedHashSet<>(keys));
        if (all.size() < 2) {
            return all;
        }
        List<Reference> references = CanonicalTransaction.in(
                        database(projection.authority().opposite()),
                        Limits.READING,
                        mirror -> Reference.of(mirror, projection))
                .stream()
                .filter(Reference::isWithin)
                .toList();
        return references.isEmpty() ? all : ordered(all, links(all, references));
    }

    private DataSource database(Side side) {
        return projection.inPlace() ? databases.control() : databases.of(side);
    }

    private Map<RecordKey, Links> links(List<RecordKey> keys, List<Reference> references) throws SQLException {
        TextStatement query = new ReferenceSql(projection).links(references);
        Map<RecordKey, Links> links = new HashMap<>();
        for (int from = 0; from < keys.size(); from += CHUNK) {
            List<RecordKey> chunk = keys.subList(from, Math.min(keys.size(), from + CHUNK));
            CanonicalTransaction.in(
                            database(projection.authority()),
                            Limits.READING,
                            source -> query.query(
                                    source, row -> links(row, references.size()), TextStatement.arrays(chunk)))
                    .forEach(one -> links.put(one.key(), one));
        }
        return links;
    }

    private Links links(ResultSet row, int references) throws SQLException {
        int width = projection.source().key().size();
        List<Name> refersTo = new ArrayList<>();
        List<Name> names = new ArrayList<>();
        for (int i = 0; i < references; i++) {
            refersTo.add(new Name(i, texts(row, width + 2 * i + 1)));
            names.add(new Name(i, texts(row, width + 2 * i + 2)));
        }
        return new Links(TextStatement.key(row, 1, width), refersTo, names);
    }

    private static List<@Nullable String> texts(ResultSet row, int column) throws SQLException {
        return Arrays.asList((@Nullable String[]) row.getArray(column).getArray());
    }

    /** Depth first, without recursion, as a chain may be as long as the table. */
    private static List<RecordKey> ordered(List<RecordKey> keys, Map<RecordKey, Links> links) {
        Map<Name, RecordKey> named = new HashMap<>();
        links.values().forEach(one -> one.names().forEach(name -> named.put(name, one.key())));
        Set<RecordKey> seen = new LinkedHashSet<>();
        List<RecordKey> ordered = new ArrayList<>(keys.size());
        Deque<RecordKey> path = new ArrayDeque<>();
        Map<RecordKey, Integer> next = new HashMap<>();
        for (RecordKey key : keys) {
            if (seen.add(key)) {
                path.push(key);
            }
            while (!path.isEmpty()) {
                RecordKey here = path.element();
                List<Name> refersTo = links.containsKey(here) ? links.get(here).refersTo() : List.of();
                int index = next.merge(here, 1, Integer::sum) - 1;
                if (index >= refersTo.size()) {
                    ordered.add(path.pop());
                } else {
                    RecordKey parent = named.get(refersTo.get(index));
                    if (parent != null && seen.add(parent)) {
                        path.push(parent);
                    }
                }
            }
        }
        return ordered;
    }
}
