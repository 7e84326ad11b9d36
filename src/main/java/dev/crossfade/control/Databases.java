package dev.crossfade.control;

import dev.crossfade.model.Side;
import dev.crossfade.sql.AutoCommitDataSource;
import dev.crossfade.sql.JooqGreeting;
import java.sql.Connection;
import java.util.List;
import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.conf.RenderQuotedNames;
import org.jooq.conf.Settings;
import org.jooq.impl.DSL;

/**
 * The connections to both sides. The legacy side's database is also the control database.
 *
 * @param legacy the database of the legacy schema
 * @param modern the database of the modern schema; the same object as {@code legacy} when both schemas share a database
 */
public record Databases(DataSource legacy, DataSource modern) {

    private static final Settings SETTINGS =
            new Settings().withRenderQuotedNames(RenderQuotedNames.ALWAYS).withExecuteLogging(false);

    static {
        JooqGreeting.suppress(SETTINGS);
    }

    /** Sets the connections of both data sources to auto-commit. */
    public Databases {
        legacy = AutoCommitDataSource.of(legacy);
        modern = AutoCommitDataSource.of(modern);
    }

    /** Returns the topology in which both schemas are in one database. */
    public static Databases shared(DataSource database) {
        return new Databases(database, database);
    }

    /**
     * Tells whether both schemas are in one database. Whether one transaction can write both sides of an entity
     * depends on its mapping: a column mapping always can, wherever the schemas are.
     */
    public boolean areShared() {
        return legacy.equals(modern);
    }

    /** Returns the sides that reach each database once: legacy alone if one database has both schemas. */
    public List<Side> sides() {
        return areShared() ? List.of(Side.LEGACY) : List.of(Side.values());
    }

    /** Tells whether a side's database is the control database. */
    public boolean isControl(Side side) {
        return areShared() || side == Side.LEGACY;
    }

    /** Returns the database of one side. */
    public DataSource of(Side side) {
        return side == Side.LEGACY ? legacy : modern;
    }

    /** Returns the database that holds flags, locks and every control table. */
    public DataSource control() {
        return legacy;
    }

    /** Returns a jOOQ context on one side's database; each statement takes a connection of its own. */
    public DSLContext dsl(Side side) {
        return dsl(of(side));
    }

    /** Returns a jOOQ context on the control database. */
    public DSLContext controlDsl() {
        return dsl(control());
    }

    /** Returns a jOOQ context with Crossfade's settings on a database. */
    public static DSLContext dsl(DataSource database) {
        return DSL.using(database, SQLDialect.POSTGRES, SETTINGS);
    }

    /** Returns a jOOQ context with Crossfade's settings on a connection that the caller keeps and closes. */
    public static DSLContext dsl(Connection connection) {
        return DSL.using(connection, SQLDialect.POSTGRES, SETTINGS);
    }

    /** Returns a jOOQ context that renders statements and cannot run them. */
    public static DSLContext renderer() {
        return DSL.using(SQLDialect.POSTGRES, SETTINGS);
    }
}
