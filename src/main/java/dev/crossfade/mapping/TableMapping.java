package dev.crossfade.mapping;

import dev.crossfade.control.Databases;
import dev.crossfade.control.EntityTables.SideTable;
import dev.crossfade.control.Evidence;
import dev.crossfade.model.CrossfadeException;
import dev.crossfade.model.Side;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * How the modern row of one entity follows from its legacy row (<em>project</em>) and the legacy row from the modern
 * one (<em>restore</em>). Immutable; made by the code generator or read from the mapping file, both through
 * {@link Builder}.
 *
 * @param entity the entity's name, as in flags, metrics and on the command line
 * @param kind whether the modern columns are in a table of their own or in the legacy table
 * @param legacy the legacy table: key, columns that are restored, and in a column mapping the shared ones
 * @param modern the modern table: key, columns that are projected, and in a column mapping the shared ones
 * @param project modern columns over the legacy row
 * @param restore legacy columns over the modern row
 * @param roles the roles of modern columns that restore does not carry back
 * @param parents entities whose modern or legacy rows this one's rows refer to; they are applied first
 */
public record TableMapping(
        String entity,
        Kind kind,
        Relation legacy,
        Relation modern,
        List<Derived> project,
        List<Derived> restore,
        Roles roles,
        Set<String> parents) {

    private static final int FINGERPRINT_BYTES = 6;

    /** The two ways in which modern columns relate to the legacy table. */
    public enum Kind {
        /** Legacy table to modern table, in the same or another database. */
        TABLE,
        /** New columns beside the legacy ones in the same table. */
        COLUMN
    }

    /** Copies the collections. */
    public TableMapping {
        project = List.copyOf(project);
        restore = List.copyOf(restore);
        parents = Set.copyOf(parents);
    }

    /** Returns this mapping with other parents. */
    public TableMapping withParents(Set<String> others) {
        return new TableMapping(entity, kind, legacy, modern, project, restore, roles, others);
    }

    /** Returns one side's table. */
    public Relation relation(Side side) {
        return side == Side.LEGACY ? legacy : modern;
    }

    /** Returns the tables that the control schema records as this entity's. */
    public Set<SideTable> tables() {
        return Set.of(
                new SideTable(Side.LEGACY, legacy.schema(), legacy.table()),
                new SideTable(Side.MODERN, modern.schema(), modern.table()));
    }

    /** Returns the direction in which the side {@code authority} is copied to the other one. */
    public Projection from(Side authority) {
        return new Projection(this, authority);
    }

    /**
     * Returns the evidence of a proof that is made now.
     *
     * @throws org.jooq.exception.DataAccessException if a database cannot be read
     */
    public Evidence evidence(Databases databases) {
        return Evidence.now(holding(databases), fingerprint(), legacy.qualifiedName(), modern.qualifiedName());
    }

    /** As {@link #evidence}, and marks the moment, so that a restore of a database to an earlier moment is noticed. */
    public Evidence proof(Databases databases) {
        return Evidence.take(holding(databases), fingerprint(), legacy.qualifiedName(), modern.qualifiedName());
    }

    /** Returns the databases that have this entity's tables: a column mapping is in the legacy one alone. */
    public Databases holding(Databases databases) {
        return kind == Kind.COLUMN ? Databases.shared(databases.control()) : databases;
    }

    /** Tells whether one transaction can write both sides of this entity, so that they never differ. */
    public boolean sidesShareTransaction(Databases databases) {
        return holding(databases).areShared();
    }

    /** Returns a short text that is equal for two mappings exactly when they map alike. */
    public String fingerprint() {
        String text = String.join(
                "\n",
                entity,
                kind.name(),
                describe(legacy),
                describe(modern),
                "" + project,
                "" + restore,
                "" + new TreeSet<>(parents));
        if (!roles.equals(Roles.NONE)) {
            text = String.join(
                    "\n",
                    text,
                    "" + roles.fill(),
                    "" + new TreeSet<>(roles.derived()),
                    "" + new TreeSet<>(roles.ignored()));
        }
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, FINGERPRINT_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new CrossfadeException("Every Java platform has SHA-256, but not this one.", e);
        }
    }

    private static String describe(Relation relation) {
        return relation + " " + relation.key() + " " + relation.columns();
    }

    /** Starts a mapping from a legacy table to a modern table. */
    public static Builder table(String entity) {
        return new Builder(entity, Kind.TABLE);
    }

    /** Starts a mapping between columns of one table; name it with {@link Builder#legacy}. */
    public static Builder columns(String entity) {
        return new Builder(entity, Kind.COLUMN);
    }

    /** Collects a mapping's parts. Not thread-safe. */
    public static final class Builder {

        private final String entity;
        private final Kind kind;
        private String legacySchema = "";
        private String legacyTable = "";
        private String modernSchema = "";
        private String modernTable = "";
        private final List<Column> legacyKey = new ArrayList<>();
        private final List<Column> modernKey = new ArrayList<>();
        private final List<Column> shared = new ArrayList<>();
        private final List<Derived> project = new ArrayList<>();
        private final List<Derived> restore = new ArrayList<>();
        private final List<Derived> fill = new ArrayList<>();
        private final Set<String> derived = new TreeSet<>();
        private final Set<String> ignored = new TreeSet<>();
        private final Set<String> parents = new TreeSet<>();

        private Builder(String entity, Kind kind) {
            this.entity = entity;
            this.kind = kind;
        }

        /** Names the legacy table; in a column mapping the one table. */
        public Builder legacy(String schema, String table) {
            legacySchema = schema;
            legacyTable = table;
            if (kind == Kind.COLUMN) {
                modern(schema, table);
            }
            return this;
        }

        /** Names the modern table. */
        public Builder modern(String schema, String table) {
            modernSchema = schema;
            modernTable = table;
            return this;
        }

        /** Adds a key column. */
        public Builder key(Column legacy, Column modern) {
            legacyKey.add(legacy);
            modernKey.add(modern);
            return this;
        }

        /** Adds a column that belongs to both shapes of a column mapping. */
        public Builder shared(Column column) {
            shared.add(column);
            return this;
        }

        /** Adds a modern column and its SQL over the legacy row. */
        public Builder project(Column modern, String expression) {
            project.add(new Derived(modern, expression));
            return this;
        }

        /** Adds a legacy column and its SQL over the modern row. */
        public Builder restore(Column legacy, String expression) {
            restore.add(new Derived(legacy, expression));
            return this;
        }

        /**
         * Adds a modern column that knows more than legacy, and SQL over the legacy row for rows that have no value
         * yet.
         */
        public Builder fill(Column modern, String expression) {
            fill.add(new Derived(modern, expression));
            return this;
        }

        /** Declares that a modern column follows from other columns or tables. */
        public Builder derived(String modern) {
            derived.add(modern);
            return this;
        }

        /** Declares that a column is neither written nor compared. */
        public Builder ignore(String column) {
            ignored.add(column);
            return this;
        }

        /** Adds an entity that this one's rows refer to. */
        public Builder parent(String parentEntity) {
            parents.add(parentEntity);
            return this;
        }

        /** Returns the mapping. */
        public TableMapping build() {
            return new TableMapping(
                    entity,
                    kind,
                    new Relation(legacySchema, legacyTable, legacyKey, columns(restore, kind == Kind.COLUMN)),
                    new Relation(modernSchema, modernTable, modernKey, columns(project, true)),
                    project,
                    restore,
                    new Roles(fill, derived, ignored),
                    parents);
        }

        /**
         * In a column mapping a filled column is part of the row that legacy writes too, so a service's value is
         * stored.
         */
        private List<Column> columns(List<Derived> following, boolean filled) {
            List<Column> columns = new ArrayList<>(shared);
            following.forEach(one -> columns.add(one.column()));
            if (filled) {
                fill.forEach(one -> columns.add(one.column()));
            }
            return columns;
        }
    }
}
