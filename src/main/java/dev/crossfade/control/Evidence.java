package dev.crossfade.control;

import dev.crossfade.model.Side;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Name;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/**
 * What a proof is about: the mapping, and both sides as they were. A proof says nothing about another mapping, a
 * table that was recreated, emptied or rewritten since, or a database that went back in time.
 *
 * @param mapping the mapping's fingerprint
 * @param legacy the legacy side
 * @param modern the modern side
 */
public record Evidence(String mapping, SideState legacy, SideState modern) {

    /** The column of the control tables that holds evidence as texts. */
    public static final Field<String[]> COLUMN = DSL.field(DSL.name("evidence"), SQLDataType.CLOB.array());

    private static final int OF_A_SIDE = 6;

    /** The OIDs and file numbers of a table and its partitions; TRUNCATE and a rewrite change the file numbers. */
    private static final String FILES = """
            select cast(c.oid as text) || ':' || cast(c.relfilenode as text)
            from pg_class c
            where c.oid = to_regclass({0}) or c.oid in (select p.relid from pg_partition_tree(to_regclass({0})) p)
            order by 1
            """;

    /**
     * A side.
     *
     * @param database the identity of its database
     * @param files OIDs of the table and its partitions, and their file numbers
     */
    public record SideState(DatabaseIdentity database, Set<String> files) {

        /** Copies the numbers. */
        public SideState {
            files = Set.copyOf(files);
        }

        private static SideState read(Connection connection, Name table) throws SQLException {
            DSLContext dsl = Databases.dsl(connection);
            Set<String> files =
                    new TreeSet<>(dsl.fetch(FILES, DSL.val(Databases.renderer().render(table)))
                            .getValues(0, String.class));
            return new SideState(DatabaseIdentity.Sighting.of(connection).identity(), files);
        }

        /** New partitions are no contradiction. */
        private Optional<String> contradiction(Side side, SideState now) {
            return otherDatabase(side, now)
                    .or(() -> now.files.containsAll(files) && !files.isEmpty()
                            ? Optional.empty()
                            : Optional.of(
                                    "the %s table was made anew, emptied or rewritten since".formatted(side.label())));
        }

        /** For a reader of the table: rows that were removed since need not be read. */
        private Optional<String> contradictionOfReading(Side side, SideState now) {
            return otherDatabase(side, now)
                    .or(() -> now.tables().containsAll(tables())
                            ? Optional.empty()
                            : Optional.of("the %s table was made anew since".formatted(side.label())));
        }

        private Optional<String> otherDatabase(Side side, SideState now) {
            return now.database
                    .changeSince(database)
                    .map(change -> "the %s database is not what it was: %s".formatted(side.label(), change));
        }

        private Set<String> tables() {
            return files.stream().map(file -> file.split(":")[0]).collect(Collectors.toSet());
        }

        private List<String> texts() {
            List<String> texts = new ArrayList<>(database.texts());
            texts.add(String.join(",", new TreeSet<>(files)));
            return texts;
        }

        private static SideState of(List<String> texts) {
            return new SideState(
                    DatabaseIdentity.of(texts), Set.of(texts.getLast().split(",")));
        }
    }

    /**
     * Returns the evidence of a proof that is made now.
     *
     * @param mapping the mapping's fingerprint
     * @throws DataAccessException if a database cannot be read
     */
    public static Evidence now(Databases databases, String mapping, Name legacy, Name modern) {
        return new Evidence(mapping, read(databases, Side.LEGACY, legacy), read(databases, Side.MODERN, modern));
    }

    /** As {@link #now}, and marks the moment in both databases, so that a restore to an earlier moment is noticed. */
    public static Evidence take(Databases databases, String mapping, Name legacy, Name modern) {
        IdentityTable.beat(databases.dsl(Side.LEGACY));
        if (!databases.areShared()) {
            IdentityTable.beat(databases.dsl(Side.MODERN));
        }
        return now(databases, mapping, legacy, modern);
    }

    private static SideState read(Databases databases, Side side, Name table) {
        return databases.dsl(side).connectionResult(connection -> SideState.read(connection, table));
    }

    /** Returns why a proof about this does not hold for {@code now}, empty if it does. */
    public Optional<String> contradiction(Evidence now) {
        return otherMapping(now)
                .or(() -> modern.contradiction(Side.MODERN, now.modern))
                .or(() -> legacy.contradiction(Side.LEGACY, now.legacy));
    }

    /**
     * As {@link #contradiction}, where the legacy rows were copied: a legacy table that was emptied since makes no
     * difference.
     */
    public Optional<String> contradictionOfCopy(Evidence now) {
        return otherMapping(now)
                .or(() -> modern.contradiction(Side.MODERN, now.modern))
                .or(() -> legacy.contradictionOfReading(Side.LEGACY, now.legacy));
    }

    private Optional<String> otherMapping(Evidence now) {
        return mapping.equals(now.mapping)
                ? Optional.empty()
                : Optional.of("it was made with mapping %s, live is %s".formatted(mapping, now.mapping));
    }

    /** Returns a text that stays the same while proofs hold. It does not show a database that went back in time. */
    public String lasting() {
        return String.join(" ", mapping, lasting(legacy), lasting(modern));
    }

    private static String lasting(SideState side) {
        DatabaseIdentity database = side.database();
        return "%s/%s/%s/%s"
                .formatted(
                        database.token(),
                        database.system(),
                        database.timeline(),
                        String.join(",", new TreeSet<>(side.files())));
    }

    /** Returns it as texts, for {@link #COLUMN}. */
    public String[] texts() {
        List<String> texts = new ArrayList<>(List.of(mapping));
        texts.addAll(legacy.texts());
        texts.addAll(modern.texts());
        return texts.toArray(String[]::new);
    }

    /** Reads what {@link #texts()} returned. */
    public static Evidence of(String[] texts) {
        List<String> all = List.of(texts);
        return new Evidence(
                all.getFirst(),
                SideState.of(all.subList(1, 1 + OF_A_SIDE)),
                SideState.of(all.subList(1 + OF_A_SIDE, 1 + 2 * OF_A_SIDE)));
    }
}
