package dev.crossfade.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What editors and the documents say of the settings is what there is. */
class ConfigurationMetadataTest {

    private static final List<String> SETTINGS = Arrays.stream(CrossfadeProperties.class.getRecordComponents())
            .map(component -> "crossfade."
                    + component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT))
            .toList();

    @Test
    void theMetadataNamesEverySettingWithAType() throws IOException {
        try (InputStream file = getClass().getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
            String json = new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
            assertThat(Pattern.compile("\"name\": \"(crossfade\\.[^\"]+)\",\\s+\"type\": \"[a-z]")
                            .matcher(json)
                            .results())
                    .extracting((MatchResult property) -> property.group(1))
                    .containsExactlyInAnyOrderElementsOf(SETTINGS);
        }
    }

    @Test
    void theConfigurationReferenceHasARowForEverySetting() throws IOException {
        String reference = Files.readString(Path.of("..", "docs", "configuration.md"));

        assertThat(Pattern.compile("^\\| `(crossfade\\.[a-z-]+)`", Pattern.MULTILINE)
                        .matcher(reference)
                        .results())
                .extracting((MatchResult row) -> row.group(1))
                .containsExactlyInAnyOrderElementsOf(SETTINGS);
    }
}
