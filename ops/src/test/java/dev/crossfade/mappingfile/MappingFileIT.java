package dev.crossfade.mappingfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.check.Finding;
import dev.crossfade.control.Databases;
import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.Derived;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.mapping.TableMapping.Kind;
import dev.crossfade.model.InvalidInputException;
import dev.crossfade.testing.TestDatabase;
import dev.crossfade.testing.TestDatabases;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MappingFileIT {

    private static final String LEGACY = """
            create schema legacy;
            create table legacy.users (id int primary key, email text not null, first_name text, last_name text,
                created_at timestamptz not null default now());
            create table legacy.orders (tenant int, no int, user_id int references legacy.users, total numeric(10,2),
                parent int, primary key (tenant, no));
            create table legacy."User Notes" ("noteId" bigint primary key, "Text" text, user_id int references legacy.users)
            """;
    private static final String MODERN = """
            create schema modern;
            create table modern.accounts (account_id bigint primary key, email text not null, full_name text,
                created_at timestamptz not null);
            create table modern.orders (tenant_id int, order_no bigint, account_id bigint references modern.accounts,
                cents bigint, primary key (tenant_id, order_no));
            create table modern.notes (id bigint primary key, body text, account_id bigint references modern.accounts)
            """;
    private static final String FILE = """
            entities:
              order:
                legacy: legacy.orders
                modern: modern.orders
                key: { tenant: tenant_id, no: order_no }
                project:
                  account_id: user_id
                  cents: (total * 100)::bigint
                restore:
                  user_id: account_id
                  total: cents / 100.0
              note:
                legacy: legacy."User Notes"
                modern: Modern.Notes
                key: { noteId: ID }
                project:
                  body: '"Text"'
                  account_id: user_id
                restore:
                  Text: body
                  user_id: account_id
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

    private TestDatabase legacy;
    private TestDatabase modern;

    @BeforeEach
    void create() {
        legacy = TestDatabases.create();
        modern = TestDatabases.create();
    }

    @AfterEach
    void drop() {
        legacy.close();
        modern.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void mappingsCarryLiveTypesAndComeParentsFirst(boolean shared) throws IOException {
        List<TableMapping> mappings = MappingFile.load(file(FILE), tables(shared));

        assertThat(mappings).extracting(TableMapping::entity).containsExactly("user", "note", "order");
        TableMapping user = mappings.getFirst();
        assertThat(user.kind()).isEqualTo(Kind.TABLE);
        assertThat(user.parents()).isEmpty();
        assertThat(user.legacy().key()).containsExactly(new Column("id", "integer"));
        assertThat(user.modern().key()).containsExactly(new Column("account_id", "bigint"));
        assertThat(user.project())
                .containsExactly(
                        new Derived(new Column("email", "text"), "lower(email)"),
                        new Derived(new Column("full_name", "text"), "concat_ws(' ', first_name, last_name)"),
                        new Derived(new Column("created_at", "timestamp with time zone"), "created_at"));
        TableMapping order = mappings.getLast();
        assertThat(order.parents()).containsExactly("user");
        assertThat(order.legacy().key()).containsExactly(new Column("tenant", "integer"), new Column("no", "integer"));
        assertThat(order.modern().key())
                .containsExactly(new Column("tenant_id", "integer"), new Column("order_no", "bigint"));
        assertThat(order.restore().getLast())
                .isEqualTo(new Derived(new Column("total", "numeric(10,2)"), "cents / 100.0"));
        TableMapping note = mappings.get(1);
        assertThat(note.legacy().toString()).isEqualTo("legacy.User Notes");
        assertThat(note.legacy().key()).containsExactly(new Column("noteId", "bigint"));
        assertThat(note.modern().toString()).isEqualTo("modern.notes");
        assertThat(note.restore().getFirst().column()).isEqualTo(new Column("Text", "text"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void columnsOfOneTableAreSharedUnlessMappedOrIgnored(boolean shared) throws IOException {
        legacy.execute("""
                create table users (id int primary key, tenant int, first text, last text, full_name varchar(80),
                    audit text, twice int generated always as (tenant * 2) stored)
                """);
        List<TableMapping> mappings = MappingFile.load(
                file("""
                        entities:
                          user:
                            table: users
                            key: id
                            project: { full_name: "concat_ws(' ', first, last)" }
                            restore:
                              first: split_part(full_name, ' ', 1)
                              last: split_part(full_name, ' ', 2)
                            ignore: audit
                        """), shared ? legacy.databases() : new Databases(legacy.dataSource(), modern.dataSource()));

        assertThat(mappings).singleElement().satisfies(mapping -> {
            assertThat(mapping.kind()).isEqualTo(Kind.COLUMN);
            assertThat(mapping.legacy().columns()).extracting(Column::name).containsExactly("tenant", "first", "last");
            assertThat(mapping.modern().columns())
                    .containsExactly(new Column("tenant", "integer"), new Column("full_name", "character varying(80)"));
        });
    }

    @Test
    void allErrorsAreNamedAtOnceInTheOrderOfTheLines() throws IOException {
        Path file = file("""
                entities:
                  order:
                    legacy: legacy.odrers
                    modern: modern.orders
                    key: { tenant: tenant_id, no: order_no }
                    project: { account_id: user_id }
                    restore: { user_id: account_id }
                    ignore: [cents]
                  user:
                    legacy: legacy.users
                    modern: modern.accounts
                    key: { id: account_id }
                    project:
                      emial: lower(email)
                      full_name: concat_ws(' ', frist_name, last_name)
                    restore:
                      email: emial
                      first_name: full_name
                      last_name: now()::text
                    extra: 1
                """);

        assertThatThrownBy(() -> MappingFile.load(file, tables(true)))
                .isInstanceOf(InvalidInputException.class)
                .extracting(Throwable::getMessage)
                .satisfies(message -> {
                    List<String> lines = message.lines().toList();
                    assertThat(lines).allMatch(line -> line.startsWith(file + ":"));
                    assertThat(lines)
                            .extracting(line -> line.substring(file.toString().length() + 1))
                            .satisfiesExactly(
                                    line -> assertThat(line)
                                            .isEqualTo(
                                                    "3: entities.order.legacy: There is no table legacy.odrers in the database. Did you mean 'legacy.orders'?"),
                                    line -> assertThat(line)
                                            .startsWith(
                                                    "13: entities.user.project: The column 'email' of modern.accounts is NOT NULL"),
                                    line -> assertThat(line)
                                            .startsWith(
                                                    "13: entities.user.project: The column 'created_at' of modern.accounts is NOT NULL"),
                                    line -> assertThat(line)
                                            .isEqualTo(
                                                    "14: entities.user.project.emial: The table modern.accounts has no column 'emial'. Did you mean 'email'?"),
                                    line -> assertThat(line)
                                            .startsWith("15: entities.user.project.full_name: ")
                                            .contains("frist_name", "42703"),
                                    line -> assertThat(line).startsWith("17: entities.user.restore.email: "),
                                    line -> assertThat(line).startsWith("19: entities.user.restore.last_name: 'now'"),
                                    line -> assertThat(line).startsWith("20: entities.user.extra: "));
                });
    }

    @Test
    void warningsDoNotStopTheLoadAndAreReported() throws IOException {
        tables(true);
        legacy.execute("insert into legacy.users values (1, 'ADA@example.org', 'Ada', 'King Lovelace')");
        Path file = file(FILE.replace(
                "nullif(substr(full_name, length(split_part(full_name, ' ', 1)) + 2), '')",
                "split_part(full_name, ' ', 2)"));

        MappingReport report = MappingFile.inspect(file, legacy.databases());

        assertThat(report.errors()).isEmpty();
        assertThat(report.warningLines())
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .startsWith(file + ":28: entities.user.project.full_name: ")
                        .contains("1 of the first 1 legacy rows")
                        .doesNotContain("Ada"));
        assertThat(MappingFile.load(file, legacy.databases())).hasSize(3);
    }

    @Test
    void twoEntitiesOnOneTableAndBadNamesAreErrors() throws IOException {
        String twice = FILE + FILE.substring(FILE.indexOf("  user:")).replace("  user:", "  person:");

        assertThat(errors(file(twice), tables(true)))
                .contains("entities.person.legacy: The table legacy.users is already the legacy table of 'user'.");
        assertThat(errors(file(FILE.replace("modern.accounts", "modern-accounts")), legacy.databases()))
                .contains("24: entities.user.modern: 'modern-accounts' is not the name of a table.");
    }

    @Test
    void ignoredColumnsMustExistAndNotBeMapped() throws IOException {
        legacy.execute("create table users (id int primary key, a text, b text, c text)");

        assertThat(errors(file("""
                                entities:
                                  user:
                                    table: users
                                    key: id
                                    project: { b: a }
                                    restore: { a: b }
                                    ignore: [a, d]
                                """), legacy.databases()))
                .contains(
                        ":7: entities.user.ignore.a: The column 'a' is mapped and ignored.",
                        ":7: entities.user.ignore.d: The table public.users has no column 'd'.");
    }

    @Test
    void aFileThatCannotBeReadIsSaidPlainly() throws IOException {
        Path missing = folder.resolve("none.yaml");
        Path binary = Files.write(folder.resolve("latin.yaml"), "entities: ä".getBytes(StandardCharsets.ISO_8859_1));

        assertThatThrownBy(() -> MappingFile.load(missing, legacy.databases()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("There is no mapping file %s. Write one, or name the one there is.".formatted(missing));
        assertThatThrownBy(() -> MappingFile.load(folder, legacy.databases()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("cannot be read");
        assertThatThrownBy(() -> MappingFile.load(binary, legacy.databases()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("is not UTF-8");
    }

    @Test
    void aByteOrderMarkIsNoPartOfTheText() throws IOException {
        assertThat(MappingFile.load(file("\ufeff" + FILE), tables(true))).hasSize(3);
    }

    private String errors(Path file, Databases databases) {
        return MappingFile.inspect(file, databases).errors().stream()
                .filter(located -> located.finding().severity() == Finding.Severity.ERROR)
                .map(located -> located.in(file.toString()))
                .reduce("", (one, other) -> one + "\n" + other);
    }

    private Databases tables(boolean shared) {
        legacy.execute(LEGACY);
        (shared ? legacy : modern).execute(MODERN);
        return shared ? legacy.databases() : new Databases(legacy.dataSource(), modern.dataSource());
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("crossfade.yaml"), text);
    }
}
