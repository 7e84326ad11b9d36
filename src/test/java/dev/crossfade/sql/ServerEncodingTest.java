package dev.crossfade.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.model.RecordKey;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerEncodingTest {

    private static final List<String> VALUES = List.of(
            "",
            "Bonn",
            "Köln",
            "Łódź",
            "€",
            "🙂",
            "\\u0141",
            "\\\\",
            "Ł\\u0141",
            "\u0001u:Bonn",
            "\u0001u:\\u0141",
            "\u0001u:Ł",
            "a\nb");

    @ParameterizedTest
    @ValueSource(strings = {"UTF8", "LATIN1", "LATIN9", "WIN1252", "KOI8R", "EUC_JP", "SQL_ASCII", "NOBODY_KNOWS"})
    void whatIsStoredOfAKeyIsStorableAndNamesThatKeyAlone(String name) {
        ServerEncoding encoding = ServerEncoding.named(name);
        Set<List<String>> stored = new HashSet<>();
        for (String value : VALUES) {
            RecordKey key = RecordKey.of(value, "x");
            String[] values = encoding.values(key);
            assertThat(values).allMatch(encoding::has);
            assertThat(ServerEncoding.key(values)).isEqualTo(key);
            stored.add(List.of(values));
        }
        assertThat(stored).hasSameSizeAs(VALUES);
    }

    @ParameterizedTest
    @CsvSource({
        "LATIN1,Köln,true",
        "LATIN1,€,false",
        "LATIN9,€,true",
        "WIN1252,€,true",
        "UTF8,🙂,true",
        "SQL_ASCII,Ł,true"
    })
    void aDatabaseHasTheCharactersOfItsEncoding(String name, String text, boolean has) {
        assertThat(ServerEncoding.named(name).has(text)).isEqualTo(has);
    }

    /** What one takes for bytes is a text to the other. */
    @ParameterizedTest
    @CsvSource({
        "SQL_ASCII,UTF8,not-utf8:47f67274,false",
        "UTF8,SQL_ASCII,not-utf8:47f67274,false",
        "SQL_ASCII,SQL_ASCII,not-utf8:47f67274,true",
        "UTF8,LATIN1,not-utf8:47f67274,true",
        "SQL_ASCII,UTF8,not-utf8:47f,true",
        "SQL_ASCII,UTF8,Köln,true",
        "LATIN1,SQL_ASCII,Łódź,false"
    })
    void aKeyOfAnotherDatabaseIsUnderstoodWhereItNamesTheSameKey(
            String here, String there, String text, boolean understood) {
        assertThat(ServerEncoding.named(here).understands(RecordKey.of(text), ServerEncoding.named(there)))
                .isEqualTo(understood);
    }

    @Test
    void aTextForPeopleKeepsWhatThereIsOfIt() {
        assertThat(new ServerEncoding(StandardCharsets.ISO_8859_1).text("Müller zahlt 5 €"))
                .isEqualTo("Müller zahlt 5 \\u20ac");
    }
}
