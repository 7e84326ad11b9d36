package dev.crossfade.fleet;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;
import static org.jooq.impl.DSL.val;

import dev.crossfade.fleet.Fleet.Instance;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;

/**
 * The control database's record of entities that services use in one transaction. With two databases a transaction
 * runs in one of them, so these entities must move their authority together. Thread-safe.
 *
 * <p>Groups are recorded after the fact, and one is lost if the process dies at once: this is a warning, not a
 * protection.
 */
public final class EntityGroups {

    /** How long a declaration counts after it was last repeated; instances repeat it every few seconds. */
    static final Duration DECLARED_FOR = Duration.ofMinutes(1);

    private static final Table<Record> ENTITY_GROUP = table(name("crossfade", "entity_group"));
    private static final Field<OffsetDateTime> LAST_SEEN_AT = field(name("last_seen_at"), OffsetDateTime.class);

    private final DSLContext control;

    /** Works on the control database. */
    public EntityGroups(DSLContext control) {
        this.control = control;
    }

    /**
     * Entities that are used in one transaction.
     *
     * @param entities two or more
     * @param declared whether a service's settings declare it; otherwise it was seen in transactions
     * @param toldBy the instance that declared or saw it last, with its version
     * @param times in how many transactions it was seen
     * @param age how long ago it was last declared or seen, by the database's clock
     */
    public record Group(SortedSet<String> entities, boolean declared, String toldBy, long times, Duration age) {}

    /**
     * Records a group.
     *
     * @param times in how many more transactions it was seen
     */
    void tell(Instance instance, Collection<String> group, boolean declared, long times) {
        List<String> sorted = group.stream().sorted().toList();
        control.execute(
                """
                insert into crossfade.entity_group as g (id, entity, declared, told_by, version, times)
                select {0}, one, {1}, {2}, {3}, {4} from unnest({5}) as one order by one
                on conflict (id, entity) do update
                set told_by = excluded.told_by, version = excluded.version, times = g.times + excluded.times, last_seen_at = now()
                """,
                val(idOf(sorted, declared)),
                val(declared),
                val(instance.name()),
                val(instance.version()),
                val(times),
                val(sorted.toArray(String[]::new)));
    }

    /**
     * Returns the groups that count. A seen group counts for {@code window} after it was last seen. A declared group
     * counts as long as an instance declares it; if no live instance serves any of its entities, it also counts for
     * {@code window}, because the instances may have been stopped for the very step in question.
     *
     * @param window how long a group counts after it was last declared or seen
     */
    public List<Group> inForce(Duration window) {
        Set<String> served = new Fleet(control)
                .live().stream()
                        .flatMap(member -> member.acknowledged().keySet().stream())
                        .collect(Collectors.toSet());
        return control
                .fetch("""
                        select array_agg(g.entity order by g.entity), bool_or(g.declared), max(g.told_by), max(g.version), max(g.times),
                               cast(extract(epoch from clock_timestamp() - max(g.last_seen_at)) as double precision) as age
                        from crossfade.entity_group g
                        group by g.id
                        having count(*) > 1
                        order by 1, 2
                        """)
                .map(row -> new Group(
                        new TreeSet<>(List.of(row.get(0, String[].class))),
                        row.get(1, boolean.class),
                        row.get(2, String.class) + " (" + row.get(3, String.class) + ")",
                        row.get(4, long.class),
                        Duration.ofMillis((long) (row.get(5, double.class) * 1000))))
                .stream()
                .filter(group -> counts(group, window, served))
                .toList();
    }

    private static boolean counts(Group group, Duration window, Set<String> served) {
        if (group.declared() && group.age().compareTo(DECLARED_FOR) <= 0) {
            return true;
        }
        boolean young = group.age().compareTo(window) <= 0;
        return young && (!group.declared() || group.entities().stream().noneMatch(served::contains));
    }

    /** Returns the entities that an entity must move with, directly or through others, without itself. */
    public static SortedSet<String> movingWith(String entity, Collection<Group> groups) {
        SortedSet<String> found = new TreeSet<>(Set.of(entity));
        int before = 0;
        while (found.size() > before) {
            before = found.size();
            groups.stream()
                    .map(Group::entities)
                    .filter(group -> group.stream().anyMatch(found::contains))
                    .toList()
                    .forEach(found::addAll);
        }
        found.remove(entity);
        return found;
    }

    /** Removes groups that were not declared or seen for long; returns how many rows. */
    public int forget(Duration age) {
        return control.deleteFrom(ENTITY_GROUP)
                .where(LAST_SEEN_AT.lt(field(
                        "now() - make_interval(secs => {0})", OffsetDateTime.class, val((double) age.toSeconds()))))
                .execute();
    }

    /** Returns the same id for the same group, so that all instances update one row. */
    private static UUID idOf(List<String> sorted, boolean declared) {
        String text = (declared ? "declared" : "seen") + "\0" + String.join("\0", sorted);
        return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8));
    }
}
