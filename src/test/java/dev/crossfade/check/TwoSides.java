package dev.crossfade.check;

import dev.crossfade.control.Databases;
import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.testing.TestDatabase;
import dev.crossfade.testing.TestDatabases;
import java.util.List;
import java.util.Optional;
import org.jooq.impl.DSL;

/** A legacy and a modern schema in either topology; tables are named {@code legacy.…} and {@code modern.…}. */
public final class TwoSides implements AutoCloseable {

    public enum Topology {
        ONE_DATABASE,
        TWO_DATABASES
    }

    private final TestDatabase legacy;
    private final TestDatabase modern;

    private TwoSides(TestDatabase legacy, TestDatabase modern) {
        this.legacy = legacy;
        this.modern = modern;
        legacy("create schema legacy");
        modern("create schema modern");
    }

    public static TwoSides create(Topology topology) {
        TestDatabase legacy = TestDatabases.create();
        return new TwoSides(legacy, topology == Topology.ONE_DATABASE ? legacy : TestDatabases.create());
    }

    public TwoSides legacy(String... sql) {
        legacy.execute(sql);
        return this;
    }

    public TwoSides modern(String... sql) {
        modern.execute(sql);
        return this;
    }

    /** Runs SQL in every database. */
    public TwoSides everywhere(String... sql) {
        legacy.execute(sql);
        if (legacy != modern) {
            modern.execute(sql);
        }
        return this;
    }

    public Databases databases() {
        return legacy == modern
                ? Databases.shared(legacy.dataSource())
                : new Databases(legacy.dataSource(), modern.dataSource());
    }

    public TestDatabase legacyDatabase() {
        return legacy;
    }

    public TestDatabase modernDatabase() {
        return modern;
    }

    List<Finding> check(TableMapping... mappings) {
        return new MappingCheck(databases()).check(List.of(mappings));
    }

    /** Returns a column of the table {@code legacy.<table>} with its live type, or with none if it is not there. */
    public Column legacyColumn(String table, String column) {
        return column(Catalog.read(legacy.dataSource(), List.of(DSL.name("legacy", table))), "legacy", table, column);
    }

    /** Returns a column of the table {@code modern.<table>} with its live type, or with none if it is not there. */
    public Column modernColumn(String table, String column) {
        return column(Catalog.read(modern.dataSource(), List.of(DSL.name("modern", table))), "modern", table, column);
    }

    private static Column column(Catalog catalog, String schema, String table, String column) {
        return catalog.table(DSL.name(schema, table))
                .flatMap(live -> live.column(column))
                .map(LiveTable.LiveColumn::column)
                .or(() -> Optional.of(new Column(column, "")))
                .orElseThrow();
    }

    @Override
    public void close() {
        try (legacy) {
            if (modern != legacy) {
                modern.close();
            }
        }
    }
}
