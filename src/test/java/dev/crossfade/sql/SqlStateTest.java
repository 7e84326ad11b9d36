package dev.crossfade.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SqlStateTest {

    private static final Pattern LITERAL =
            Pattern.compile("\"((?:0[0-9A-Z]|2[0-9A-Z]|3[0-9A-Z]|4[0-9A-Z]|5[0-9A-Z]|CF)[0-9A-Z]{3})\"");

    @Test
    void eachStateIsNamedOnce() throws IllegalAccessException {
        List<Object> states = new ArrayList<>();
        for (Field field : SqlState.class.getFields()) {
            states.add(field.get(null));
        }

        assertThat(states)
                .isNotEmpty()
                .doesNotHaveDuplicates()
                .allSatisfy(state -> assertThat((String) state).matches("[0-9A-Z]{5}"));
    }

    /** Also in the operator's tools, which use the core. */
    @Test
    void noStateIsSpelledAnywhereElse() throws IOException {
        List<String> spelled = new ArrayList<>();
        for (String folder : List.of("main/java", "../ops/src/main/java", "../cli/src/main/java")) {
            try (Stream<Path> files = Files.walk(Path.of(folder))) {
                for (Path file : files.filter(SqlStateTest::isToBeLookedAt).toList()) {
                    LITERAL.matcher(Files.readString(file))
                            .results()
                            .filter(found -> isNamed(found.group(1)))
                            .forEach(found -> spelled.add(file.getFileName() + ": " + found.group(1)));
                }
            }
        }

        assertThat(spelled).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"08000", "08001", "08006", "53300", "57000", "57P01", "57P03"})
    void aServerThatCannotBeUsedIsAnOutage(String state) {
        assertThat(SqlState.isOutage(state)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "08004", "57014", "55P03", "23505", "42501"})
    void whatWaitingDoesNotHealIsNone(String state) {
        assertThat(SqlState.isOutage(state)).isFalse();
    }

    @Test
    void anExceptionWithoutAStateHasAnEmptyOne() {
        assertThat(SqlState.of(new SQLException("nothing known"))).isEmpty();
        assertThat(SqlState.of(new SQLException("locked", SqlState.LOCK_NOT_AVAILABLE)))
                .isEqualTo("55P03");
    }

    private static boolean isToBeLookedAt(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(".java") && !name.equals("SqlState.java");
    }

    private static boolean isNamed(String literal) {
        return Arrays.stream(SqlState.class.getFields()).anyMatch(field -> {
            try {
                return literal.equals(field.get(null));
            } catch (IllegalAccessException e) {
                throw new IllegalStateException(e);
            }
        });
    }
}
