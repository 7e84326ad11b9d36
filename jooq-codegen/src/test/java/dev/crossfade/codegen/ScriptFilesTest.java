package dev.crossfade.codegen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.model.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScriptFilesTest {

    @TempDir
    private Path base;

    @BeforeEach
    void files() throws IOException {
        Files.createDirectories(base.resolve("db/deep"));
        for (String name : List.of("V10__c.sql", "V9__b.sql", "V1.1__a.sql", "V1__z.sql", "notes.txt", "deep/V2.sql")) {
            Files.createFile(base.resolve("db").resolve(name));
        }
    }

    @Test
    void aGlobIsInTheOrderOfItsNumbers() {
        assertThat(found("db/V*.sql")).containsExactly("V1__z.sql", "V1.1__a.sql", "V9__b.sql", "V10__c.sql");
        assertThat(found("db/**.sql")).contains("deep/V2.sql").hasSize(5);
    }

    @Test
    void namesKeepTheirOrderAndComeOnce() {
        assertThat(found("db/V9__b.sql", base.resolve("db/V1__z.sql").toString(), "db/V{1,9}__*.sql"))
                .containsExactly("V9__b.sql", "V1__z.sql");
    }

    @Test
    void everyNameThatStandsForNothingIsNamed() {
        assertThatThrownBy(() -> found("db/V1__z.sql", "db/X*.sql", "nowhere/*.sql", "db"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll("no script db/X*.sql", "no nowhere/*.sql", "no db in", base.toString());
    }

    private List<String> found(String... names) {
        return ScriptFiles.find(base, List.of(names)).stream()
                .map(file -> base.resolve("db").relativize(file).toString())
                .toList();
    }
}
