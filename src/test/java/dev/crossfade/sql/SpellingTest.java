package dev.crossfade.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpellingTest {

    private static final List<String> NAMES = List.of("email", "first_name", "last_name", "id", "createdAt");

    @ParameterizedTest
    @CsvSource({
        "emial, email",
        "e_mail, email",
        "firstname, first_name",
        "created_at, createdAt",
        "ids, id",
        "lastname, last_name"
    })
    void slipsAreRecognised(String written, String meant) {
        assertThat(Spelling.near(written, NAMES)).first().isEqualTo(meant);
    }

    @ParameterizedTest
    @CsvSource({"phone", "xx", "middle", "''"})
    void strangersAreNot(String written) {
        assertThat(Spelling.near(written, NAMES)).isEmpty();
    }

    @Test
    void theRemedyNamesThemOrSaysOtherwise() {
        assertThat(Spelling.remedy("tame", List.of("name", "time", "other"), "None."))
                .isEqualTo("Did you mean 'name' or 'time'?");
        assertThat(Spelling.remedy("zzz", List.of("name"), "None.")).isEqualTo("None.");
    }
}
