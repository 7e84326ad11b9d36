package dev.crossfade.fleet;

import static org.jooq.impl.DSL.currentOffsetDateTime;
import static org.jooq.impl.DSL.excluded;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;
import static org.jooq.impl.DSL.val;

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

    /** An instance whose last heartbeat is older than this counts as gone. */
    public static final Duration LIVENESS = Duration.ofSeconds(10);

    private static final Table<Record> INSTANCE = table(name("crossfade", "instance"));
    private static final Field<UUID> ID = field(name("id"), UUID.class);
    private static final Field<String> NAME = field(name("name"), String.class);
    private static final Field<String> VERSION = field(name("version"), String.class);
    private static final Field<OffsetDateTime> STARTED_AT = field(name("started_at"), OffsetDateTime.class);
    private static final Field<OffsetDateTime> HEARTBEAT_AT = field(name("heartbeat_at"), OffsetDateTime.class);
    private static final Field<JSONB> ACKNOWLEDGED = field(name("acknowledged"), JSONB.class);

    private final DSLContext control;

    /** Works on the control database. */
    public Fleet(DSLContext control) {
        this.control = control;
    }

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
     * @param acknowledged entity to epoch; an entity that the instance does not serve is absent
     */
    public record Member(Instance instance, OffsetDateTime startedAt, Map<String, Long> acknowledged) {}

    /** Records that an instance lives and which epochs it has applied. */
    public void heartbeat(Instance instance, Map<String, Long> acknowledged) {
        control.insertInto(INSTANCE, ID, NAME, VERSION, ACKNOWLEDGED)
                .values(val(instance.id()), val(instance.name()), val(instance.version()), json(acknowledged))
                .onConflict(ID)
                .doUpdate()
                .set(HEARTBEAT_AT, currentOffsetDateTime())
                .set(ACKNOWLEDGED, excluded(ACKNOWLEDGED))
                .execute();
    }

    /** Removes an instance that ends in order. */
    public void leave(Instance instance) {
        control.deleteFrom(INSTANCE).where(ID.eq(instance.id())).execute();
    }

    /** Removes instances that have been gone for long. */
    public int forgetGone(Duration age) {
        return control.deleteFrom(INSTANCE).where(HEARTBEAT_AT.lt(before(age))).execute();
    }

    /** Returns the instances that live, the longest running first. */
    public List<Member> live() {
        Field<String> entity = field(name("ack", "key"), String.class);
        Field<Long> epoch = field("cast({0} as bigint)", Long.class, field(name("ack", "value")));
        Map<UUID, Member> members = new LinkedHashMap<>();
        control.select(ID, NAME, VERSION, STARTED_AT, entity, epoch)
                .from(INSTANCE)
                .leftJoin(table("lateral jsonb_each_text({0})", ACKNOWLEDGED).as("ack"))
                .on(DSL.trueCondition())
                .where(HEARTBEAT_AT.ge(before(LIVENESS)))
                .orderBy(STARTED_AT, ID)
                .forEach(row -> {
                    Member member = members.computeIfAbsent(
                            row.value1(),
                            id -> new Member(
                                    new Instance(id, row.value2(), row.value3()), row.value4(), new LinkedHashMap<>()));
                    if (row.value5() != null) {
                        member.acknowledged().put(row.value5(), row.value6());
                    }
                });
        return List.copyOf(members.values());
    }

    private static Field<OffsetDateTime> before(Duration age) {
        return field("now() - make_interval(secs => {0})", OffsetDateTime.class, val((double) age.toSeconds()));
    }

    private static Field<JSONB> json(Map<String, Long> acknowledged) {
        return DSL.jsonbObject(acknowledged.entrySet().stream()
                .map(ack -> DSL.key(val(ack.getKey())).value(val(ack.getValue())))
                .toList());
    }
}
