package dev.crossfade.control;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;

import dev.crossfade.control.AuthorityTable.Standing;
import dev.crossfade.model.RefusedException;
import dev.crossfade.model.Stage;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;

/**
 * The table {@code crossfade.contraction}: which entities are contracted, and by which migrations.
 *
 * <p>A contracted entity has no legacy side any more. It stays at {@code modern-only} for ever: nothing compares,
 * copies or repairs it, and no step leads back. The table is in the control database, beside the legacy structures,
 * so that the DDL that drops them and the record of it commit together: no crash separates them, and a restored
 * database has both or neither.
 */
public final class Contractions {

    private static final Table<Record> CONTRACTION = table(name("crossfade", "contraction"));
    private static final Field<String> ENTITY = field(name("entity"), String.class);
    private static final Field<String> VERSION = field(name("version"), String.class);
    private static final Field<OffsetDateTime> CONTRACTED_AT = field(name("contracted_at"), OffsetDateTime.class);

    /**
     * How an entity was contracted.
     *
     * @param versions the migrations that did it, in order
     * @param at when the first of them ran
     */
    public record Contraction(String entity, List<String> versions, OffsetDateTime at) {

        /** Copies the versions. */
        public Contraction {
            versions = List.copyOf(versions);
        }

        private Contraction and(String version) {
            List<String> more = new ArrayList<>(versions);
            more.add(version);
            return new Contraction(entity, more, at);
        }

        /** Returns what happened, as a sentence. */
        public String text() {
            return "%s is contracted: migration %s has taken its legacy structures away."
                    .formatted(entity, String.join(", ", versions));
        }
    }

    private Contractions() {}

    /** Returns the contracted entities, by name. */
    public static Map<String, Contraction> all(DSLContext control) {
        Map<String, Contraction> all = new TreeMap<>();
        control.select(ENTITY, VERSION, CONTRACTED_AT)
                .from(CONTRACTION)
                .orderBy(CONTRACTED_AT, VERSION)
                .forEach(row -> all.compute(
                        row.value1(),
                        (entity, known) -> known == null
                                ? new Contraction(entity, List.of(row.value2()), row.value3())
                                : known.and(row.value2())));
        return all;
    }

    /** Returns how an entity was contracted, empty if it is not. */
    public static Optional<Contraction> find(DSLContext control, String entity) {
        return Optional.ofNullable(all(control).get(entity));
    }

    /**
     * Makes sure that an entity still has a legacy side.
     *
     * @throws ContractedException if it is contracted
     */
    public static void requireNone(DSLContext control, String entity) {
        find(control, entity).ifPresent(contraction -> {
            throw new ContractedException(contraction);
        });
    }

    /**
     * Records that a migration contracts entities, in the transaction that is about to run it, or to begin it. Until
     * that transaction ends, the entities' stages cannot be changed; a later change finds the record.
     *
     * @throws RefusedException if the stage of one is being changed, or is not {@code modern-only}
     */
    public static void record(DSLContext transaction, String version, Collection<String> entities) {
        for (String entity : new TreeSet<>(entities)) {
            if (!AuthorityTable.tryLockStage(transaction, entity)) {
                throw new RefusedException(
                        "Migration %s cannot contract %s: its stage is being changed at this moment. Wait for the end of that, and run `crossfade migrate up` again."
                                .formatted(version, entity));
            }
            AuthorityTable.find(transaction, entity)
                    .map(Standing::stage)
                    .filter(stage -> stage != Stage.MODERN_ONLY)
                    .ifPresent(stage -> {
                        throw new RefusedException(
                                "Migration %s cannot contract %s: it stands at %s, and %s is required. Look at `crossfade stage %s`."
                                        .formatted(version, entity, stage.label(), Stage.MODERN_ONLY.label(), entity));
                    });
            transaction
                    .insertInto(CONTRACTION, ENTITY, VERSION)
                    .values(entity, version)
                    .onConflictDoNothing()
                    .execute();
        }
    }

    /** Deletes the record of what a migration contracted, in the transaction that reverts it. */
    public static void forget(DSLContext transaction, String version) {
        transaction.deleteFrom(CONTRACTION).where(VERSION.eq(version)).execute();
    }
}
