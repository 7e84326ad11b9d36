package dev.crossfade.fleet;

import static org.jooq.impl.DSL.currentOffsetDateTime;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;
import static org.jooq.impl.DSL.val;

import dev.crossfade.model.InvalidInputException;
import dev.crossfade.model.SettingChecks;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.JSONB;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.DSL;

/**
 * The register of running instances in the control database. Ages are computed by the database, so the clocks of the
 * instances do not matter.
 */
public final class Fleet {

    /** How long an instance counts as live after a heartbeat, by default. */
    public static final Duration DEFAULT_LIVENESS = Duration.ofSeconds(10);

    /** The shortest allowed liveness. */
    public static final Duration SHORTEST_LIVENESS = Duration.ofMillis(500);

    private static final double LEASE_SHARE = 0.8;

    private static final Table<Record> INSTANCE = table(name("crossfade", "instance"));
    private static final Field<UUID> ID = field(name("id"), UUID.class);
    private static final Field<String> NAME = field(name("name"), String.class);
    private static final Field<String> VERSION = field(name("version"), String.class);
    private static final Field<OffsetDateTime> STARTED_AT = field(name("started_at"), OffsetDateTime.class);
    private static final Field<OffsetDateTime> HEARTBEAT_AT = field(name("heartbeat_at"), OffsetDateTime.class);
    private static final Field<OffsetDateTime> EXPIRES_AT = field(name("expires_at"), OffsetDateTime.class);
    private static final Field<JSONB> MAPPINGS = field(name("mappings"), JSONB.class);
    private static final Field<JSONB> ACKNOWLEDGED = field(name("acknowledged"), JSONB.class);

    private final DSLContext control;
    private final Duration liveness;

    /** Reads the register in the control database. */
    public Fleet(DSLContext control) {
        this(control, DEFAULT_LIVENESS);
    }

    /**
     * Works on the control database.
     *
     * @param liveness how long an instance that heartbeats through this object counts as live after a heartbeat, at
     *         least 500 ms; it heartbeats five times in that time, and its lease ends a fifth earlier
     * @throws InvalidInputException if the time is too short
     */
    public Fleet(DSLContext control, Duration liveness) {
        new SettingChecks().atLeast("liveness", liveness, SHORTEST_LIVENESS).refuse();
        this.control = control;
        this.liveness = liveness;
    }

    /** Returns how often an instance heartbeats. */
    public Duration heartbeatInterval() {
        return liveness.dividedBy(5);
    }

    /**
     * The database's answer to a heartbeat.
     *
     * @param leaseEnd until when the instance may write, in seconds since 1970 by the database's clock
     * @param inTime whether the instance counted as live without a gap since its previous heartbeat
     */
    public record Heartbeat(String leaseEnd, boolean inTime) {}

    /**
     * A running service process.
     *
     * @param id its identity, new at each start
     * @param name a name that people know it by, for example host and process id
     * @param version the application's version
     */
    public record Instance(UUID id, String name, String version) {

        /** Returns a new identity for this process. */
        public static Instance ofThisProcess(String version) {
            ProcessHandle process = ProcessHandle.current();
            return new Instance(UUID.randomUUID(), hostName() + "/" + process.pid(), version);
        }

        private static String hostName() {
            String host = System.getenv("HOSTNAME");
            return host == null || host.isBlank() ? "localhost" : host;
        }
    }

    /**
     * A live instance and the newest epoch of each entity that it has applied.
     *
     * @param heartbeatAge the age of its last heartbeat, by the database's clock
     * @param acknowledged entity to epoch; an entity that the instance does not serve is absent
     * @param mappings entity to the fingerprint of the mapping that the instance has
     */
    public record Member(
            Instance instance,
            OffsetDateTime startedAt,
            Duration heartbeatAge,
            Map<String, Long> acknowledged,
            Map<String, String> mappings) {}

    /**
     * Records that an instance lives and which epochs it has applied. Whether it was in time is checked after the row
     * was locked: a heartbeat that waited for longer than the liveness is late.
     *
     * @param mappings entity to the fingerprint of the mapping that the instance has
     */
    public Heartbeat heartbeat(Instance instance, Map<String, Long> acknowledged, Map<String, String> mappings) {
        return control.fetchSingle(
                        """
                        with earlier as (select expires_at from crossfade.instance where id = {0})
                        insert into crossfade.instance (id, name, version, acknowledged, mappings, expires_at)
                        values ({0}, {1}, {2}, {3}, {4}, now() + make_interval(secs => {5}))
                        on conflict (id) do update
                        set heartbeat_at = now(), expires_at = excluded.expires_at,
                            acknowledged = excluded.acknowledged, mappings = excluded.mappings
                        returning cast(extract(epoch from now()) + {6} as text),
                                  coalesce((select expires_at from earlier) > clock_timestamp(), false)
                        """,
                        val(instance.id()),
                        val(instance.name()),
                        val(instance.version()),
                        json(acknowledged),
                        json(mappings),
                        val(seconds(liveness)),
                        val(seconds(liveness) * LEASE_SHARE))
                .map(row -> new Heartbeat(row.get(0, String.class), row.get(1, Boolean.class)));
    }

    /** Removes an instance that ends properly. */
    public void leave(Instance instance) {
        control.deleteFrom(INSTANCE).where(ID.eq(instance.id())).execute();
    }

    /** Removes instances that have been gone for long. */
    public int forgetGone(Duration age) {
        return control.deleteFrom(INSTANCE).where(EXPIRES_AT.lt(before(age))).execute();
    }

    /** Returns the live instances, the longest running first. */
    public List<Member> live() {
        Field<String> entity = field(name("ack", "key"), String.class);
        Field<Long> epoch = field("cast({0} as bigint)", Long.class, field(name("ack", "value")));
        Map<UUID, Member> members = new LinkedHashMap<>();
        Field<Double> age = field("extract(epoch from now() - {0})", Double.class, HEARTBEAT_AT);
        Field<String> mapping = field("{0} ->> {1}", String.class, MAPPINGS, entity);
        control.select(ID, NAME, VERSION, STARTED_AT, age, entity, epoch, mapping)
                .from(INSTANCE)
                .leftJoin(table("lateral jsonb_each_text({0})", ACKNOWLEDGED).as("ack"))
                .on(DSL.trueCondition())
                .where(EXPIRES_AT.gt(currentOffsetDateTime()))
                .orderBy(STARTED_AT, ID)
                .forEach(row -> {
                    Member member = members.computeIfAbsent(
                            row.value1(),
                            id -> new Member(
                                    new Instance(id, row.value2(), row.value3()),
                                    row.value4(),
                                    Duration.ofMillis((long) (row.value5() * 1000)),
                                    new LinkedHashMap<>(),
                                    new LinkedHashMap<>()));
                    if (row.value6() != null) {
                        member.acknowledged().put(row.value6(), row.value7());
                    }
                    if (row.value8() != null) {
                        member.mappings().put(row.value6(), row.value8());
                    }
                });
        return List.copyOf(members.values());
    }

    private static Field<OffsetDateTime> before(Duration age) {
        return field("now() - make_interval(secs => {0})", OffsetDateTime.class, val((double) age.toSeconds()));
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }

    private static Field<JSONB> json(Map<String, ?> values) {
        return DSL.jsonbObject(values.entrySet().stream()
                .map(ack -> DSL.key(val(ack.getKey())).value(val(ack.getValue())))
                .toList());
    }
}
