package dev.crossfade.mappingfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.crossfade.control.Databases;
import dev.crossfade.model.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.postgresql.ds.PGSimpleDataSource;

/** Files that were never meant to be mapping files are refused at once, with one message and without a database. */
class HostileFileTest {

    /** Ten times what it takes on an idle machine; without the limits it takes minutes, or never ends. */
    private static final Duration SOON = Duration.ofSeconds(5);

    /** Nothing listens there, so a connection attempt would fail differently. */
    private final Databases nowhere = Databases.shared(new PGSimpleDataSource());

    @TempDir
    private Path folder;

    static Stream<Arguments> texts() {
        return Stream.of(
                Arguments.of("200,000 brackets on a line", "[".repeat(200_000), "has 200,000 characters"),
                Arguments.of("200,000 brackets", ("[".repeat(1_000) + "\n").repeat(200), "levels deep"),
                Arguments.of("200,000 braces", "entities: " + ("{a: ".repeat(1_000) + "\n").repeat(200), "levels deep"),
                Arguments.of("nested lists", "- ".repeat(20_000) + "x", "levels deep"),
                Arguments.of("nested keys", "? ".repeat(20_000) + "x", "levels deep"),
                Arguments.of("closed brackets", "[".repeat(20_000) + "]".repeat(20_000), "levels deep"),
                Arguments.of("50 MB on one line", "x".repeat(50_000_000), "larger than 1 MiB"),
                Arguments.of("an alias bomb", bomb(), "those behind an alias counted"),
                Arguments.of("many aliases of one map", manyAliases(), "those behind an alias counted"),
                Arguments.of("an alias of itself", "entities: &a { user: *a }", "stands for nothing"),
                Arguments.of("300,000 values", "entities: [" + "a,\n".repeat(300_000) + "]", "more than 100,000"),
                Arguments.of("a huge key", "entities:\n  ? " + "k".repeat(40_000) + "\n  : x\n", "a key of 40,000"),
                Arguments.of("a huge line", "entities: " + "v".repeat(900_000), "has 900,010 characters"),
                Arguments.of("a huge value", "entities: |\n" + "  value\n".repeat(120_000), "a single value"),
                Arguments.of("an open quote", "entities: \"" + "v \n".repeat(300_000), "not YAML"),
                Arguments.of("control characters", "entities: \u0007" + "v\n".repeat(400_000), "not YAML"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("texts")
    void isRefusedAtOnce(String name, String text, String expected) throws IOException {
        Path file = Files.writeString(folder.resolve("crossfade.yaml"), text);

        long start = System.nanoTime();
        assertThatThrownBy(() -> MappingFile.load(file, nowhere))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(expected)
                .satisfies(refusal -> assertThat(refusal.getMessage().length()).isLessThan(1_000));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SOON);
    }

    @Test
    void anEndlessFileIsRefused() {
        Path endless = Path.of("/dev/zero");
        assumeTrue(Files.exists(endless));

        assertThatThrownBy(() -> MappingFile.load(endless, nowhere))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("larger than 1 MiB");
    }

    @Test
    void aLargeFileThatIsMeantAndAliasesInItAreRead() {
        String project = IntStream.range(0, 50)
                .mapToObj("      column_%d: lower(column_%<d)"::formatted)
                .collect(Collectors.joining("\n"));
        String text = "entities:\n"
                + IntStream.range(0, 300)
                        .mapToObj(i -> """
                                  entity-%d:
                                    legacy: legacy.t%<d
                                    modern: modern.t%<d
                                    key: id
                                    project: %s
                                    restore: {}
                                """.formatted(i, i == 0 ? "&columns\n" + project : "*columns"))
                        .collect(Collectors.joining());
        FileNotes notes = new FileNotes();

        List<Declaration> read = new DeclarationReader(text, notes).read();

        assertThat(notes.findings(true)).isEmpty();
        assertThat(read)
                .hasSize(300)
                .allSatisfy(entity -> assertThat(entity.project()).hasSize(50));
    }

    private static String bomb() {
        String text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
        for (int i = 1; i < 30; i++) {
            text += "a%d: &a%<d [%s]%n".formatted(i, ("*a" + (i - 1) + ", ").repeat(10));
        }
        return text;
    }

    private static String manyAliases() {
        String columns =
                IntStream.range(0, 10_000).mapToObj("    c%d: x"::formatted).collect(Collectors.joining("\n"));
        return "entities:\n  first: &a\n" + columns + "\n"
                + IntStream.range(0, 10_000).mapToObj("  e%d: *a"::formatted).collect(Collectors.joining("\n"));
    }
}
