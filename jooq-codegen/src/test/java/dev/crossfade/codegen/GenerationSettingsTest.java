package dev.crossfade.codegen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.codegen.GenerationSettings.Topology;
import dev.crossfade.model.InvalidInputException;
import dev.crossfade.model.Side;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class GenerationSettingsTest {

    private static final Path MODULE = Path.of("/srv/shop");

    @Test
    void onlyTheMappingIsNeeded() {
        GenerationSettings settings = read(Map.of("mapping", " crossfade.yaml\n"));
        assertThat(settings.mapping()).isEqualTo(MODULE.resolve("crossfade.yaml"));
        assertThat(settings.scripts()).isEmpty();
        assertThat(settings.migrations()).isEmpty();
        assertThat(settings.repositoryPackage()).isEmpty();
        assertThat(settings.topology()).isEqualTo(Topology.ONE_DATABASE);
        assertThat(settings.side()).isEqualTo(Side.MODERN);
        assertThat(settings.skipUnchanged()).isTrue();
    }

    @Test
    void relativeNamesStartAtBasedir() {
        GenerationSettings settings = read(Map.of(
                "basedir", "../other",
                "mapping", "/elsewhere/crossfade.yaml",
                "migrations", "db",
                "scripts", "a.sql, b/*.sql,\n c.sql,",
                "topology", "two-databases",
                "modernScripts", "m.sql",
                "side", "legacy",
                "repositoryPackage", "com.example.repositories",
                "skipUnchanged", "false"));
        assertThat(settings)
                .isEqualTo(new GenerationSettings(
                        Path.of("/srv/other"),
                        Path.of("/elsewhere/crossfade.yaml"),
                        List.of("a.sql", "b/*.sql", "c.sql"),
                        List.of("m.sql"),
                        Optional.of(Path.of("/srv/other/db")),
                        Topology.TWO_DATABASES,
                        Side.LEGACY,
                        Optional.of("com.example.repositories"),
                        false));
    }

    @Test
    void everythingWrongIsSaidAtOnce() {
        assertThatThrownBy(() -> read(Map.of(
                        "script", "a.sql",
                        "topology", "three",
                        "modernScripts", "m.sql",
                        "repositoryPackage", "com.example.class",
                        "skipUnchanged", "maybe")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll(
                        "'script' is not a property",
                        "'topology' is three; it can be one-database or two-databases",
                        "'side' and 'modernScripts' are for topology=two-databases",
                        "'mapping' is missing",
                        "'repositoryPackage' is com.example.class",
                        "'skipUnchanged' is maybe; it can be true or false");
    }

    private static GenerationSettings read(Map<String, String> values) {
        Properties properties = new Properties();
        properties.putAll(values);
        return GenerationSettings.read(properties, MODULE);
    }
}
