package dev.crossfade.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.check.Catalog;
import dev.crossfade.testing.TestDatabase;
import dev.crossfade.testing.TestDatabases;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.jooq.Field;
import org.jooq.impl.DSL;

/**
 * The key text of every type that may be a key: every value has one, it is the same in two databases with different
 * session settings, equal exactly for equal keys, and reads back as the same key.
 */
class KeyTextPropertiesIT {

    private static final int VALUES = 25;

    /** Each type comes several times. */
    private static final int TRIES = 250;

    private static final Map<String, Arbitrary<String>> TYPES = KeyValues.all();

    private static final String PLAIN_SETTINGS = "set datestyle = 'ISO, MDY'; set timezone = 'UTC'";

    /**
     * The date style is set in the same round trip: the driver closes a connection whose server reports another than
     * ISO.
     */
    private static final String OTHER_SETTINGS = """
            set timezone = 'Pacific/Kiritimati'; set datestyle = 'SQL, DMY'; set intervalstyle = 'sql_standard';
            set extra_float_digits = 0; set bytea_output = 'escape'; set search_path = public, pg_catalog;
            set lc_monetary = 'C'; set quote_all_identifiers = on; set xmloption = 'document'
            """;

    private static TestDatabase one;
    private static TestDatabase other;

    /** Values of a type, as texts. */
    record Keys(String type, List<String> values) {}

    /** A database's answer about a value. */
    private record Said(String text, boolean readBack, boolean distinct) {}

    @BeforeContainer
    static void open() {
        one = TestDatabases.create();
        other = TestDatabases.create();
        List.of(one, other).forEach(database -> database.execute(KeyValues.DDL.toArray(String[]::new)));
        TYPES.keySet().forEach(type -> one.execute("create table \"" + type + "\" (v " + type + ")"));
    }

    @AfterContainer
    static void close() {
        one.close();
        other.close();
    }

    @Provide
    Arbitrary<Keys> keys() {
        return Arbitraries.of(TYPES.keySet())
                .flatMap(type -> TYPES.get(type).list().ofSize(VALUES).map(values -> new Keys(type, values)));
    }

    @Property(tries = TRIES)
    void aKeyTextIsTotalInjectiveAndFreeOfTheSession(@ForAll("keys") Keys keys) throws SQLException {
        Column column = live(keys.type());
        List<String> values = stored(keys);

        List<Said> here = ask(one, PLAIN_SETTINGS, column, values);
        List<Said> there = ask(other, OTHER_SETTINGS, column, values);

        assertThat(here).as(keys.type()).isEqualTo(there).hasSameSizeAs(values);
        assertThat(here).as(keys.type()).allSatisfy(said -> {
            assertThat(said.text()).isNotNull();
            assertThat(said.readBack())
                    .as("%s is read back as the key", said.text())
                    .isTrue();
            assertThat(said.distinct())
                    .as("%s is the text of equal keys alone", said.text())
                    .isTrue();
        });
    }

    /** As the mapping reads it from the catalog. */
    private static Column live(String type) {
        return Catalog.read(one.dataSource(), List.of(DSL.name("public", type)))
                .table(DSL.name("public", type))
                .orElseThrow()
                .column("v")
                .orElseThrow()
                .column();
    }

    /** A range whose bounds are in the wrong order is no value. */
    private static List<String> stored(Keys keys) throws SQLException {
        if (!keys.type().endsWith("range") && !keys.type().equals("public.stay")) {
            return keys.values();
        }
        List<String> stored = new ArrayList<>();
        try (Connection connection = one.dataSource().getConnection()) {
            for (String value : keys.values()) {
                try (var statement = connection.prepareStatement("select cast(? as " + keys.type() + ")")) {
                    statement.setString(1, value);
                    statement.executeQuery();
                    stored.add(value);
                } catch (SQLException e) {
                    assertThat(e.getMessage()).contains("range lower bound must be less than");
                }
            }
        }
        return stored;
    }

    private static List<Said> ask(TestDatabase database, String settings, Column column, List<String> values)
            throws SQLException {
        Field<Object> value = DSL.field(DSL.name("k", "v"));
        Field<Object> text = DSL.field(DSL.name("k", "t"));
        String sql = DSL.using(org.jooq.SQLDialect.POSTGRES)
                .render(DSL.sql("""
                        with v as (select cast(v as {0}) as v, place from unnest(cast({3} as text[])) with ordinality as u (v, place)),
                             k as (select v, place, {1} as t from v as k)
                        select t, {2} = v, (select bool_and((o.t = k.t) = (o.v = k.v)) from k as o) from k order by place
                        """, DSL.raw(column.type()), column.keyText(value), column.cast(text), DSL.raw("?")));
        try (Connection connection = database.dataSource().getConnection();
                var statement = connection.prepareStatement(settings + ";" + sql + "; set datestyle = 'ISO, MDY'")) {
            statement.setArray(1, connection.createArrayOf("text", values.toArray()));
            statement.execute();
            List<Said> said = new ArrayList<>();
            do {
                try (ResultSet rows = statement.getResultSet()) {
                    while (rows != null && rows.next()) {
                        said.add(new Said(rows.getString(1), rows.getBoolean(2), rows.getBoolean(3)));
                    }
                }
            } while (statement.getMoreResults() || statement.getUpdateCount() >= 0);
            return said;
        }
    }
}
