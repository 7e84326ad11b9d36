package dev.crossfade.sample.demo;

import dev.crossfade.control.ControlSchema;
import dev.crossfade.sample.storage.LegacySchema;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/** The legacy data of a run, and a copy of them that nothing else uses. */
final class DataSet {

    private DataSet() {}

    /** Creates and fills the legacy tables, with copies in the schema {@code demo}. */
    static void load(DataSource database, DemoSettings settings) {
        LegacySchema.create(database, settings.rows(), settings.seed());
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("""
                    create schema demo;
                    create table demo.users as table legacy.users;
                    create table demo.orders as table legacy.orders;
                    alter table demo.users add primary key (id);
                    alter table demo.orders add primary key (id);
                    analyze
                    """);
        } catch (SQLException e) {
            throw ControlSchema.explain(e);
        }
    }
}
