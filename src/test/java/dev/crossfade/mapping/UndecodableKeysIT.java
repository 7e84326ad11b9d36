package dev.crossfade.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;

import dev.crossfade.sql.UndecodableText;
import dev.crossfade.testing.TestDatabase;
import dev.crossfade.testing.TestDatabases;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The key text of whatever bytes a database in SQL_ASCII stores. */
class UndecodableKeysIT {

    /** Every byte alone, every pair with a lead byte, and what borders on the longer forms of UTF8. */
    private static final String BYTES = """
            insert into bytes
            select decode(lpad(to_hex(a), 2, '0'), 'hex') from generate_series(1, 255) as a
            union select decode(to_hex(a) || to_hex(b), 'hex')
                from generate_series(190, 255) as a, unnest(array[65, 127, 128, 143, 144, 159, 160, 191, 192, 255]) as b
            union select decode(to_hex(a) || to_hex(b) || to_hex(c), 'hex')
                from generate_series(223, 241) as a, unnest(array[127, 128, 159, 160, 191, 192]) as b, unnest(array[65, 128, 191, 192]) as c
            union select decode(to_hex(a) || to_hex(b) || to_hex(c) || to_hex(d), 'hex')
                from generate_series(239, 246) as a, unnest(array[127, 128, 143, 144, 191, 192]) as b,
                    unnest(array[127, 128, 191, 192]) as c, unnest(array[127, 128, 191, 192]) as d
            union select convert_to(one, 'SQL_ASCII') from unnest(array['', 'Bonn', 'Köln', '🙂', 'not-utf8:', 'not-utf8:c3',
                'not-utf8:6e6f742d757466383a6333', 'not-utf8:c', E'a\\nb', '"', '{,}']) as one
            """;

    @ParameterizedTest
    @CsvSource(
            value = {
                "text;{0}",
                "character varying(40);{0}",
                "citext;{0}",
                "text[];array[{0}, 'x']",
                "place;row({0}, 1)",
            },
            delimiter = ';')
    void everyValueHasOneKeyTextThatTheDriverReads(String type, String value) throws CharacterCodingException {
        try (TestDatabase database = TestDatabases.createIn("SQL_ASCII")) {
            database.execute(
                    "create extension citext",
                    "create type place as (name text, number int)",
                    "create table bytes (b bytea)",
                    BYTES,
                    "create table keys (b bytea, k " + type + ")");
            DSLContext dsl = database.dsl();
            dsl.execute(
                    "insert into keys select b, cast({0} as {1}) from bytes",
                    field(value, field("convert_from(b, 'SQL_ASCII')")), org.jooq.impl.DSL.raw(type));
            Column column = new Column("k", type);
            Field<String> text = column.keyText(field(name("k")));
            Field<Object> back = column.ofKeyText(text);

            Set<String> texts = new HashSet<>();
            for (Record row : dsl.select(
                            field("encode(b, 'hex')", String.class),
                            text,
                            field("{0} = k", Boolean.class, back),
                            field("encode(convert_to(cast({0} as text), 'SQL_ASCII'), 'hex')", String.class, name("k")))
                    .from(table("keys"))) {
                String noted = row.get(1, String.class);
                String stored = row.get(3, String.class);
                assertThat(row.get(2, Boolean.class)).describedAs(noted).isTrue();
                assertThat(UndecodableText.isOne(noted))
                        .describedAs(noted)
                        .isEqualTo(!isUtf8(stored) || UndecodableText.isOne(text(stored)));
                texts.add(noted);
            }
            assertThat(texts)
                    .hasSize(dsl.fetchSingle("select count(distinct k) from keys")
                            .get(0, Integer.class));
        }
    }

    private static String text(String hex) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(HexFormat.of().parseHex(hex)))
                .toString();
    }

    private static boolean isUtf8(String hex) {
        try {
            return text(hex) != null;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
