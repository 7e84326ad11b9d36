package dev.crossfade.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Holds the sentences that the product says against a list of those that somebody has read: what failed, what was seen,
 * and what to do next, in whole sentences. A new or changed one is read once more, and then put into the list.
 *
 * <p>{@code -Dcrossfade.messages.write=true} writes the list anew; look at what changed in it before it is committed.
 */
class ReviewedMessagesTest {

    private static final Path ROOT = Path.of("..");
    private static final Path LIST = Path.of("src/test/resources/messages.txt");
    private static final List<String> SOURCES = List.of(
            "src/main/java",
            "ops/src/main/java",
            "cli/src/main/java",
            "jooq-codegen/src/main/java",
            "spring-boot-starter/src/main/java");

    private static final Pattern COMMENT = Pattern.compile("/\\*.*?\\*/|(?m-s:^\\s*//.*$)", Pattern.DOTALL);
    private static final Pattern TEXT_BLOCK = Pattern.compile("\"\"\".*?\"\"\"", Pattern.DOTALL);
    private static final Pattern JOINED = Pattern.compile("\"\\s*\\+\\s*\"");
    private static final Pattern LITERAL = Pattern.compile("\"((?:[^\"\\\\\\n]|\\\\.)*)\"");
    /** Three words or more, up to a full stop, a colon or a question mark. */
    private static final Pattern SENTENCE = Pattern.compile("\\s*[A-Z%{'`].* .* .*[.:?…](?:%n)?");

    @Test
    void everySentenceThatIsSaidHasBeenRead() throws IOException {
        List<String> said = said();
        if (Boolean.getBoolean("crossfade.messages.write")) {
            Files.write(LIST, said);
        }

        assertThat(said)
                .as("the sentences of the product; read the new ones, then add them to %s", LIST)
                .containsExactlyElementsOf(Files.readAllLines(LIST));
    }

    /** In some locales {@code %d} prints other digits than 0 to 9, in messages and in SQL. */
    @Test
    void noNumberIsPrintedInTheDigitsOfTheMachinesLanguage() {
        assertThat(sources()).noneSatisfy(file -> assertThat(read(file)).containsPattern("%(?:\\d+\\$)?d"));
    }

    private static List<String> said() {
        return sources().stream()
                .flatMap(ReviewedMessagesTest::sentences)
                .sorted()
                .distinct()
                .toList();
    }

    private static List<Path> sources() {
        List<Path> files = new ArrayList<>();
        for (String folder : SOURCES) {
            try (Stream<Path> below = Files.walk(ROOT.resolve(folder))) {
                below.filter(file -> file.toString().endsWith(".java")).forEach(files::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return files;
    }

    private static Stream<String> sentences(Path file) {
        String code = COMMENT.matcher(read(file)).replaceAll("");
        String joined = JOINED.matcher(TEXT_BLOCK.matcher(code).replaceAll("")).replaceAll("");
        Matcher literals = LITERAL.matcher(joined);
        return literals.results()
                .map(literal -> literal.group(1))
                .filter(text -> SENTENCE.matcher(text).matches());
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
