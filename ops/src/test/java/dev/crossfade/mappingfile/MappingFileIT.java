package dev.crossfade.mappingfile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.Derived;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.testing.TestDatabase;
import dev.crossfade.testing.TestDatabases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MappingFileIT {

    private static final String USERS = """
            create schema legacy;
            create schema modern;
            create table legacy.users (id int primary key, email text not null, first_name text, last_name text,
                created_at timestamptz not null default now());
            create table modern.accounts (account_id bigint primary key, email text not null, full_name text,
                created_at timestamptz not null);
            """;
    private static final String FILE = """
            entities:
              user:
                legacy: legacy.users
                modern: modern.accounts
                key: { id: account_id }
                project:
                  email: lower(email)
                  full_name: concat_ws(' ', first_name, last_name)
                  created_at: created_at
                restore:
                  email: email
                  first_name: split_part(full_name, ' ', 1)
                  last_name: nullif(substr(full_name, length(split_part(full_name, ' ', 1)) + 2), '')
                  created_at: created_at
            """;

    @TempDir
    private Path folder;

    private TestDatabase database;

    @BeforeEach
    void create() {
        database = TestDatabases.create();
        database.execute(USERS);
    }

    @AfterEach
    void drop() {
        database.close();
    }

    @Test
    void typesComeFromTheLiveTables() throws IOException {
        List<TableMapping> mappings = MappingFile.load(file(FILE), database.databases());

        assertThat(mappings).hasSize(1);
        assertThat(mappings.getFirst().legacy().key()).containsExactly(new Column("id", "integer"));
        assertThat(mappings.getFirst().modern().key()).containsExactly(new Column("account_id", "bigint"));
        assertThat(mappings.getFirst().project())
                .containsExactly(
                        new Derived(new Column("email", "text"), "lower(email)"),
                        new Derived(new Column("full_name", "text"), "concat_ws(' ', first_name, last_name)"),
                        new Derived(new Column("created_at", "timestamp with time zone"), "created_at"));
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("crossfade.yaml"), text);
    }
}
