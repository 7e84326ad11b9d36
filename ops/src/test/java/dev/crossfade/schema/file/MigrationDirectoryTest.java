package dev.crossfade.schema.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.model.InvalidInputException;
import dev.crossfade.model.Side;
import dev.crossfade.sql.SqlStatement;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MigrationDirectoryTest {

    @TempDir
    private Path path;

    @Test
    void filesBecomeMigrationsInTheOrderOfTheirVersions() {
        write("V10__drop_name.up.sql", """
                -- Removes what nobody reads.
                -- crossfade: side=legacy
                --crossfade:phase = CONTRACT
                -- crossfade: entity=user, order
                -- crossfade: entity=address

                alter table users drop column name;
                """);
        write("V2__add_accounts.up.sql", "create table accounts (id bigint);\ncreate table notes (id bigint);");
        write("V02__add_accounts.down.sql", "drop table notes; drop table accounts;");
        write("README.md", "not a migration");

        MigrationDirectory directory = MigrationDirectory.read(path);

        assertThat(directory.migrations())
                .satisfiesExactly(
                        first -> {
                            assertThat(first).hasToString("2 (add accounts)");
                            assertThat(first.side()).isEqualTo(Side.MODERN);
                            assertThat(first.phase()).isEqualTo(Phase.EXPAND);
                            assertThat(first.entities()).isEmpty();
                            assertThat(first.up().statements())
                                    .containsExactly(
                                            new SqlStatement("create table accounts (id bigint)", 1),
                                            new SqlStatement("create table notes (id bigint)", 2));
                            assertThat(first.down())
                                    .hasValueSatisfying(down ->
                                            assertThat(down.statements()).hasSize(2));
                        },
                        second -> {
                            assertThat(second.side()).isEqualTo(Side.LEGACY);
                            assertThat(second.phase()).isEqualTo(Phase.CONTRACT);
                            assertThat(second.entities()).containsExactly("user", "order", "address");
                            assertThat(second.down()).isEmpty();
                        });
    }

    @Test
    void everyProblemIsReportedAtOnceWithItsPlace() throws IOException {
        write("V1__first.up.sql", "select 1");
        write("V01__again.up.sql", "select 1");
        write("V2__gone.down.sql", "select 1");
        write("V3__drop.up.sql", "-- crossfade: phase=contract\ndrop table a");
        write("V4__words.up.sql", """
                -- crossfade: fase=expand
                -- crossfade: side=new
                -- crossfade: phase=expand
                -- crossfade: phase=expand
                -- crossfade: entity=a,,b
                -- crossfade: side
                select 1;
                -- crossfade: side=legacy
                """);
        write("V5__commit.up.sql", "select 1;\nBEGIN;\nselect 'commit';\ncommit;\nsavepoint s;rollback to s");
        write("V6__open.up.sql", "select 1;\nselect 'never closed");
        write("V7__index.up.sql", "\ncreate index concurrently on a (b)");
        write("V8__down.up.sql", "select 1");
        write("V8__down.down.sql", "-- crossfade: side=legacy\nselect 1");
        Files.write(path.resolve("V9__bytes.up.sql"), new byte[] {'-', '-', '\n', '-', '-', (byte) 0xe9, '\n'});
        write("add_column.sql", "select 1");
        write("V11__both.sql", "select 1");

        assertThatThrownBy(() -> MigrationDirectory.read(path))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("17 problems")
                .hasMessageContaining("V1__first.up.sql: version 1 is also that of V01__again.up.sql")
                .hasMessageContaining("V2__gone.down.sql: there is no up file of version 2")
                .hasMessageContaining("V3__drop.up.sql: a contract migration must name the entities")
                .hasMessageContaining("V4__words.up.sql:1: there is no directive 'fase'")
                .hasMessageContaining("V4__words.up.sql:2: side is 'new'. Write legacy or modern.")
                .hasMessageContaining("V4__words.up.sql:4: 'phase' is set a second time")
                .hasMessageContaining("V4__words.up.sql:5: an entity's name is empty")
                .hasMessageContaining("V4__words.up.sql:6: a directive reads")
                .hasMessageContaining("V4__words.up.sql:8: a directive after the first statement")
                .hasMessageContaining("V5__commit.up.sql:2: the runner begins and ends transactions")
                .hasMessageContaining("V5__commit.up.sql:4: the runner begins and ends transactions")
                .hasMessageContaining("V6__open.up.sql: The string that starts on line 2 does not end")
                .hasMessageContaining("V7__index.up.sql:2: the index has no name")
                .hasMessageContaining("V8__down.down.sql:1: directives belong into the up file")
                .hasMessageContaining("V9__bytes.up.sql:2: the file is not UTF-8")
                .hasMessageContaining("add_column.sql: the name has no version")
                .hasMessageContaining("V11__both.sql: the name has no version, or no direction");
    }

    @Test
    void aMissingDirectoryIsNamed() {
        assertThatThrownBy(() -> MigrationDirectory.read(path.resolve("nowhere")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("nowhere' cannot be read");
    }

    @Test
    void lineEndsAndByteOrderMarkDoNotChangeTheChecksum() {
        MigrationScript unix = MigrationScript.of(path, "select 1;\nselect 2;\n");
        MigrationScript windows = MigrationScript.of(path, "\ufeffselect 1;\r\nselect 2;\r\n");

        assertThat(windows.checksum()).isEqualTo(unix.checksum()).hasSize(64);
        assertThat(MigrationScript.of(path, "select 1;\nselect 3;\n").checksum())
                .isNotEqualTo(unix.checksum());
    }

    private void write(String name, String content) {
        try {
            Files.writeString(path.resolve(name), content, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
