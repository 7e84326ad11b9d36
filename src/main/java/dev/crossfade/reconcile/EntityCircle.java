package dev.crossfade.reconcile;

import dev.crossfade.control.AuthorityTable.Standing;
import dev.crossfade.control.Databases;
import dev.crossfade.control.StandingHold;
import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.Projection;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.Side;
import dev.crossfade.sql.CanonicalTransaction;
import dev.crossfade.sql.CanonicalTransaction.Limits;
import dev.crossfade.statement.Reference;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jooq.Name;

/**
 * Entities whose mirror tables refer to each other in a cycle, so that the mirror may accept rows of several of them
 * only together.
 *
 * @param authority the side that decides for all of them
 * @param members in an order in which their rows can be inserted; references to later members are by loose foreign
 *         keys
 */
record EntityCircle(Side authority, List<Member> members) {

    /**
     * An entity of the cycle.
     *
     * @param projection its direction
     * @param hold holds it at its stage
     * @param transfer what applies its keys
     * @param links the foreign keys of its mirror table, also those that lead out of the cycle
     */
    record Member(Projection projection, StandingHold hold, Transfer transfer, List<Link> links) {

        String entity() {
            return projection.mapping().entity();
        }

        /** The places of columns that, set to null, remove its rows' references to other tables of the cycle. */
        Set<Integer> emptied() {
            return links.stream()
                    .filter(link ->
                            link.to().filter(entity -> !entity.equals(entity())).isPresent())
                    .map(link -> link.reference().looseness())
                    .filter(looseness -> !looseness.deferrable())
                    .flatMap(looseness -> looseness.emptied().stream())
                    .collect(Collectors.toSet());
        }
    }

    /**
     * A foreign key.
     *
     * @param to the entity of the cycle that it refers to, by its key; empty for all others
     * @param key the columns of that key, each at the place of the column that refers to it
     * @param order their places in the order of the key
     */
    record Link(Reference reference, Optional<String> to, List<Column> key, List<Integer> order) {}

    /** Returns an entity of the cycle. */
    Member member(String entity) {
        return members.stream()
                .filter(member -> member.entity().equals(entity))
                .findFirst()
                .orElseThrow();
    }

    /**
     * Returns the cycle that an entity is in; empty if it is in none, or if its rows cannot be inserted in any order.
     *
     * @param all the entities that are known
     */
    static Optional<EntityCircle> around(
            TableMapping start,
            Side authority,
            Collection<TableMapping> all,
            Databases databases,
            Reconciler reconciler)
            throws SQLException {
        Map<Name, TableMapping> tables = new LinkedHashMap<>();
        all.stream()
                .filter(mapping -> mapping.kind() == TableMapping.Kind.TABLE)
                .forEach(mapping -> tables.put(target(mapping, authority), mapping));
        if (tables.size() < 2 || !start.equals(tables.get(target(start, authority)))) {
            return Optional.empty();
        }
        Map<TableMapping, List<Reference>> references = CanonicalTransaction.in(
                databases.of(authority.opposite()),
                Limits.READING,
                mirror -> references(mirror, start, authority, tables));
        Map<TableMapping, Standing> standing = new LinkedHashMap<>();
        for (TableMapping mapping : referringBack(start, references, tables)) {
            Standing seen = reconciler.standing(mapping);
            if (seen.stage().mirrors() && seen.stage().authority() == authority) {
                standing.put(mapping, seen);
            }
        }
        // without entities at other stages some may no longer be in a cycle
        references.keySet().retainAll(standing.keySet());
        Set<TableMapping> within = referringBack(start, references, tables);
        return within.size() < 2
                ? Optional.empty()
                : inOrder(within, references, tables)
                        .map(ordered -> new EntityCircle(
                                authority,
                                ordered.stream()
                                        .map(mapping -> new Member(
                                                mapping.from(authority),
                                                reconciler.hold(mapping, Objects.requireNonNull(standing.get(mapping))),
                                                reconciler.transferOf(mapping.from(authority)),
                                                links(
                                                        references.getOrDefault(mapping, List.of()),
                                                        authority,
                                                        within,
                                                        tables)))
                                        .toList()));
    }

    private static Name target(TableMapping mapping, Side authority) {
        return mapping.from(authority).target().qualifiedName();
    }

    /** Returns the foreign keys of an entity's mirror table, and of those that can be reached by them. */
    private static Map<TableMapping, List<Reference>> references(
            Connection mirror, TableMapping start, Side authority, Map<Name, TableMapping> tables) throws SQLException {
        Map<TableMapping, List<Reference>> references = new LinkedHashMap<>();
        List<TableMapping> next = new ArrayList<>(List.of(start));
        for (int i = 0; i < next.size(); i++) {
            TableMapping here = next.get(i);
            if (references.containsKey(here)) {
                continue;
            }
            List<Reference> own = Reference.of(mirror, here.from(authority));
            references.put(here, own);
            own.stream()
                    .map(Reference::table)
                    .filter(tables::containsKey)
                    .map(tables::get)
                    .forEach(next::add);
        }
        return references;
    }

    /** Returns the entities from which foreign keys lead back to {@code start}, including itself. */
    private static Set<TableMapping> referringBack(
            TableMapping start, Map<TableMapping, List<Reference>> references, Map<Name, TableMapping> tables) {
        Set<TableMapping> back = new HashSet<>(Set.of(start));
        boolean more = references.containsKey(start);
        while (more) {
            more = back.addAll(references.entrySet().stream()
                    .filter(one -> one.getValue().stream().anyMatch(key -> back.contains(tables.get(key.table()))))
                    .map(Map.Entry::getKey)
                    .toList());
        }
        return back;
    }

    /** Orders entities so that references by foreign keys that are not loose point to earlier ones. */
    private static Optional<List<TableMapping>> inOrder(
            Set<TableMapping> within, Map<TableMapping, List<Reference>> references, Map<Name, TableMapping> tables) {
        List<TableMapping> left = new ArrayList<>(within);
        left.sort((one, other) -> one.entity().compareTo(other.entity()));
        List<TableMapping> ordered = new ArrayList<>();
        while (!left.isEmpty()) {
            Optional<TableMapping> first = left.stream()
                    .filter(mapping -> references.getOrDefault(mapping, List.of()).stream()
                            .filter(key -> key.looseness().isNone() && !key.own())
                            .noneMatch(key -> left.contains(tables.get(key.table()))))
                    .findFirst();
            if (first.isEmpty()) {
                return Optional.empty();
            }
            left.remove(first.get());
            ordered.add(first.get());
        }
        return Optional.of(ordered);
    }

    private static List<Link> links(
            List<Reference> references, Side authority, Set<TableMapping> within, Map<Name, TableMapping> tables) {
        return references.stream()
                .map(one -> Optional.ofNullable(tables.get(one.table()))
                        .filter(within::contains)
                        .flatMap(mapping -> link(one, mapping, authority))
                        .orElse(new Link(one, Optional.empty(), List.of(), List.of())))
                .toList();
    }

    private static Optional<Link> link(Reference reference, TableMapping to, Side authority) {
        List<Column> key = to.from(authority).target().key();
        List<String> referred = reference.referenced().stream().map(Name::last).toList();
        List<Integer> order =
                key.stream().map(column -> referred.indexOf(column.name())).toList();
        if (order.contains(-1) || referred.size() != key.size()) {
            return Optional.empty();
        }
        List<Column> byPlace = referred.stream()
                .map(name -> key.stream()
                        .filter(column -> column.name().equals(name))
                        .findFirst()
                        .orElseThrow())
                .toList();
        return Optional.of(new Link(reference, Optional.of(to.entity()), byPlace, order));
    }
}
