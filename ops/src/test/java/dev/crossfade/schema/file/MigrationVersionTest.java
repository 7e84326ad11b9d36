package dev.crossfade.schema.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.model.InvalidInputException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MigrationVersionTest {

    @Test
    void versionsAreComparedNumberByNumber() {
        List<String> sorted = Stream.of("10", "2", "1.10", "20260101.1", "1.9", "1", "010.1", "99999999999999999999")
                .map(MigrationVersion::parse)
                .sorted()
                .map(MigrationVersion::toString)
                .toList();

        assertThat(sorted).containsExactly("1", "1.9", "1.10", "2", "10", "10.1", "20260101.1", "99999999999999999999");
    }

    @ParameterizedTest
    @CsvSource({"1,01", "1,1.0", "1.2,01.002", "0,0.0"})
    void zerosThatChangeNoNumberDoNotCount(String one, String other) {
        assertThat(MigrationVersion.parse(one)).isEqualTo(MigrationVersion.parse(other));
        assertThat(MigrationVersion.parse(one))
                .hasToString(MigrationVersion.parse(other).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "1.", ".1", "1_2", "-1"})
    void whatIsNoVersionIsRefused(String text) {
        assertThatThrownBy(() -> MigrationVersion.parse(text))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("'" + text + "' is no version");
    }
}
