package dev.crossfade.mappingfile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SqlNameTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    users                     | public      | users
                    legacy.users              | legacy      | users
                    Legacy.USERS              | legacy      | users
                    "Legacy"."User Table"     | Legacy      | User Table
                    legacy."a.b"              | legacy      | a.b
                    "with ""quotes""\".t       | with "quotes" | t
                    legacy . users            | legacy      | users
                    straße.Größe              | straße      | größe
                    """)
    void tableNamesAreReadAsTheServerDoes(String written, String schema, String table) {
        assertThat(SqlName.table(written)).first().isEqualTo(DSL.name(schema, table));
    }

    @Test
    void aTableMayAlsoBeMeantAsWritten() {
        assertThat(SqlName.table("Legacy.Users"))
                .containsExactly(DSL.name("legacy", "users"), DSL.name("Legacy", "Users"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.b.c", "user-data", "a b", ".a", "a.", "'a'", "\"open", "\"\"", "1", "a;b", "a.'b'"})
    void whatIsNoTableNameIsRefused(String written) {
        assertThat(SqlName.table(written)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    email       | email
                    Email       | email
                    "Email"     | Email
                    createdAt   | createdAt
                    "createdat" | createdat
                    Both        | both
                    "a ""b""\"   | a "b"
                    full name   | full name
                    """)
    void columnNamesAreFoldedUnlessOnlyTheExactSpellingExists(String written, String name) {
        Set<String> existing = Set.of("email", "createdAt", "Both", "both", "full name");

        assertThat(SqlName.column(written, existing::contains)).isEqualTo(name);
    }
}
