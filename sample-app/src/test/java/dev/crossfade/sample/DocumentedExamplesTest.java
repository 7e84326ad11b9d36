package dev.crossfade.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every Java example of the documents stands in {@link DocumentedExamples}, which the compiler has read. */
class DocumentedExamplesTest {

    private static final Path ROOT = Path.of("..");
    private static final Path EXAMPLES =
            Path.of("src", "test", "java", "dev", "crossfade", "sample", "DocumentedExamples.java");
    private static final Pattern JAVA_BLOCK = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL);

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "docs/guide.md"})
    void theExamplesOfADocumentCompile(String document) throws IOException {
        String compiled = squeezed(Files.readString(EXAMPLES));

        assertThat(JAVA_BLOCK.matcher(Files.readString(ROOT.resolve(document))).results())
                .isNotEmpty()
                .extracting((MatchResult block) -> squeezed(block.group(1)))
                .allSatisfy(block -> assertThat(compiled).contains(block));
    }

    /** Without white space and comments at line ends. */
    private static String squeezed(String java) {
        return java.replaceAll(" *//[^\\n]*", "").replaceAll("\\s+", "");
    }
}
