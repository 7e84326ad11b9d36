package dev.crossfade.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.settings.SettingKey.Form;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A key's name, description and default are those of the settings' records and docs/configuration.md. */
class SettingKeyTest {

    private static final Path PAGE = Path.of("..", "docs", "configuration.md");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (`[a-z.]+`(?:, `[a-z.]+`)*) \\|(.*)\\|$");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    @TempDir
    private Path folder;

    private static Stream<SettingKey> withAValueOfItsOwn() {
        return Stream.of(SettingKey.values())
                .filter(key -> !key.otherwise().isEmpty()
                        && key != SettingKey.MODERN_DB_HOST
                        && key != SettingKey.MODERN_DB_USER);
    }

    @ParameterizedTest
    @MethodSource("withAValueOfItsOwn")
    void theDefaultIsWhatHoldsWhereNothingIsSet(SettingKey key) {
        Map<SettingKey, String> given = new EnumMap<>(Map.of(
                SettingKey.DB_NAME, "shop",
                SettingKey.DB_USER, "ops",
                SettingKey.MODERN_DB_HOST, "db2",
                SettingKey.MODERN_DB_NAME, "other"));
        Settings unset = read(given);
        given.put(key, key.otherwise());

        assertThat(read(given)).isEqualTo(unset);
    }

    private Settings read(Map<SettingKey, String> given) {
        return new SettingsReader(Map.of(), folder).read(given, Optional.empty());
    }

    @ParameterizedTest
    @EnumSource
    void theDescriptionIsASentence(SettingKey key) {
        assertThat(key.description()).matches("[A-Z].*[.]");
    }

    @ParameterizedTest
    @EnumSource
    void thePageHasItsNameAndItsDefault(SettingKey key) throws IOException {
        List<String> row = row(key);

        assertThat(row).as("the row of %s in %s", key.property(), PAGE).isNotEmpty();
        if (key.form() != Form.SECRET
                && !key.otherwise().contains(" ")
                && !key.otherwise().endsWith("'s")) {
            assertThat(row.getLast()).contains(key.otherwise().isEmpty() ? "" : "`" + key.otherwise() + "`");
        }
        if (row.size() > 1) {
            assertThat(row.get(0)).contains("`" + key.variable() + "`");
            assertThat(row.get(1)).contains(key == SettingKey.ENABLE_MODERN_WRITE ? "" : "`" + key.flag() + "`");
        }
    }

    /** Returns the cells after the name: variable, flag and default in the first table, the default in the others. */
    private static List<String> row(SettingKey key) throws IOException {
        return ROW.matcher(Files.readString(PAGE))
                .results()
                .filter(row -> CODE.matcher(row.group(1))
                        .results()
                        .anyMatch(name -> name.group(1).equals(key.property())))
                .map(SettingKeyTest::cells)
                .findFirst()
                .orElse(List.of());
    }

    private static List<String> cells(MatchResult row) {
        List<String> cells =
                Stream.of(row.group(2).split("\\|", -1)).map(String::strip).toList();
        return cells.size() == 3 ? cells : cells.subList(0, 1);
    }

    @Test
    void thePageNamesNothingElse() throws IOException {
        List<String> known =
                Stream.of(SettingKey.values()).map(SettingKey::property).toList();

        assertThat(ROW.matcher(Files.readString(PAGE))
                        .results()
                        .flatMap(row -> CODE.matcher(row.group(1)).results())
                        .map(name -> name.group(1))
                        .filter(name -> name.matches("(db|modern[.]db|gate|worker|migrate)[.].*")))
                .allSatisfy(name -> assertThat(known).contains(name));
    }
}
