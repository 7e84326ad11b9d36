package dev.crossfade.mappingfile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.mapping.TableMapping.Kind;
import dev.crossfade.mappingfile.Declaration.ColumnExpression;
import dev.crossfade.mappingfile.Declaration.DeclaredRoles;
import dev.crossfade.mappingfile.Declaration.KeyPair;
import dev.crossfade.mappingfile.Declaration.Written;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DeclarationReaderTest {

    private static final String USER = """
            entities:
              user:
                legacy: legacy.users
                modern: modern.accounts
                key: id
                project:
                  email: lower(email)
                restore:
                  email: email
            """;

    private final FileNotes notes = new FileNotes();

    @Test
    void everythingIsReadWithItsLine() {
        List<Declaration> declarations = read("""
                # users
                entities:
                  user:
                    legacy: '"Legacy"."Users"'
                    modern: accounts
                    key: { id: account_id, tenant: }
                    project:
                      tier: 1
                      full_name: |
                        concat_ws(' ',
                                  first, last)
                      '"createdAt"': "'now: #1'"
                    restore: {}
                """);

        assertThat(notes.findings(true)).isEmpty();
        assertThat(declarations)
                .containsExactly(new Declaration(
                        new Written("user", 3),
                        Kind.TABLE,
                        new Written("\"Legacy\".\"Users\"", 4),
                        new Written("accounts", 5),
                        List.of(
                                new KeyPair(new Written("id", 6), new Written("account_id", 6)),
                                new KeyPair(new Written("tenant", 6), new Written("tenant", 6))),
                        List.of(
                                new ColumnExpression(new Written("tier", 8), "1"),
                                new ColumnExpression(
                                        new Written("full_name", 9), "concat_ws(' ',\n          first, last)"),
                                new ColumnExpression(new Written("\"createdAt\"", 12), "'now: #1'")),
                        List.of(),
                        new DeclaredRoles(List.of(), List.of(), List.of())));
    }

    @Test
    void whereColumnsAreFilledNothingNeedsToBeProjected() {
        FileNotes notes = new FileNotes();
        List<Declaration> declarations = new DeclarationReader("""
                entities:
                  user:
                    table: public.users
                    key: id
                    fill: { verified_at: created_at }
                    derived: [length]
                    ignore: touched
                """, notes).read();

        assertThat(notes.findings(true)).isEmpty();
        assertThat(declarations).singleElement().satisfies(one -> {
            assertThat(one.project()).isEmpty();
            assertThat(one.restore()).isEmpty();
            assertThat(one.roles())
                    .isEqualTo(new DeclaredRoles(
                            List.of(new ColumnExpression(new Written("verified_at", 5), "created_at")),
                            List.of(new Written("length", 6)),
                            List.of(new Written("touched", 7))));
        });
    }

    @Test
    void aColumnMappingHasOneTable() {
        List<Declaration> declarations = read("""
                entities:
                  user-2:
                    table: public.users
                    key: [tenant, id]
                    project: { full_name: first }
                    restore: { first: full_name }
                    ignore: [audit, note]
                """);

        assertThat(notes.findings(true)).isEmpty();
        assertThat(declarations).singleElement().satisfies(one -> {
            assertThat(one.kind()).isEqualTo(Kind.COLUMN);
            assertThat(one.legacy()).isEqualTo(one.modern()).isEqualTo(new Written("public.users", 3));
            assertThat(one.key()).extracting(pair -> pair.legacy().text()).containsExactly("tenant", "id");
            assertThat(one.roles().ignore()).extracting(Written::text).containsExactly("audit", "note");
        });
    }

    static Stream<Arguments> wrongFiles() {
        return Stream.of(
                Arguments.of("", 1, "entities", "The file is empty", "Declare at least one entity"),
                Arguments.of("# nothing\n", 1, "entities", "The file is empty", "Declare"),
                Arguments.of("entities:\n", 1, "entities", "missing", "Declare"),
                Arguments.of("entities: {}\n", 1, "entities", "no entities", "Declare"),
                Arguments.of("- a\n", 1, "", "a list, where a map", "key: value"),
                Arguments.of("hello\n", 1, "", "a single value, where a map", "key: value"),
                Arguments.of("entities: [a]\n", 1, "entities", "a list, where a map", "key: value"),
                Arguments.of("entitties: {}\n", 1, "entitties", "means nothing here", "Did you mean 'entities'?"),
                Arguments.of("entities:\n  user: a: b\n", 2, "entities", "not YAML", "Indent"),
                Arguments.of("entities:\n\tuser: a\n", 2, "entities", "not YAML", "Indent"),
                Arguments.of("a: 1\n---\nb: 2\n", 2, "entities", "not YAML", "Indent"),
                Arguments.of(
                        USER + "  user: {}\n", 10, "entities.user", "second time; the first is on line 2", "Remove"),
                Arguments.of(USER + "      email: x\n", 10, "entities.user.restore.email", "second time", "Remove"),
                Arguments.of(
                        USER.replace("user:", "User:"), 2, "entities.User", "cannot be an entity's name", "lower-case"),
                Arguments.of(
                        USER.replace("user:", "1st:"), 2, "entities.1st", "cannot be an entity's name", "lower-case"),
                Arguments.of(
                        USER.replace("  user:", "  [user]:"), 2, "entities", "a key that is not a word", "plain words"),
                Arguments.of("entities:\n  user: x\n", 2, "entities.user", "a single value, where a map", "key: value"),
                Arguments.of(without("legacy"), 2, "entities.user.legacy", "missing", "legacy: schema.table"),
                Arguments.of(without("modern"), 2, "entities.user.modern", "missing", "modern: schema.table"),
                Arguments.of(without("key"), 2, "entities.user.key", "missing", "legacy_column: modern_column"),
                Arguments.of(USER.replace("key: id", "key:"), 5, "entities.user.key", "missing", "legacy_column"),
                Arguments.of(
                        USER.replace("key: id", "key: [[id]]"),
                        5,
                        "entities.user.key",
                        "a list, where a word",
                        "one value"),
                Arguments.of(
                        USER.replace("legacy.users", "[a, b]"),
                        3,
                        "entities.user.legacy",
                        "a list, where a word",
                        "one value"),
                Arguments.of(
                        USER.replace("    restore:\n      email: email\n", ""),
                        2,
                        "entities.user.restore",
                        "missing",
                        "no way back"),
                Arguments.of(
                        USER.replace("    project:\n      email: lower(email)\n", ""),
                        2,
                        "entities.user.project",
                        "missing",
                        "modern column"),
                Arguments.of(
                        USER.replace("restore:", "restroe:"),
                        8,
                        "entities.user.restroe",
                        "means nothing here",
                        "'restore'"),
                Arguments.of(
                        USER.replace("    key: id", "    parents: [a]\n    key: id"),
                        5,
                        "entities.user.parents",
                        "means nothing here",
                        "Allowed are: derived, fill, ignore, key, legacy"),
                Arguments.of(
                        USER.replace("    key: id", "    table: users\n    key: id"),
                        3,
                        "entities.user.legacy",
                        "contradict",
                        "table alone"),
                Arguments.of(
                        USER.replace("lower(email)", "{ a: b }"),
                        7,
                        "entities.user.project.email",
                        "a map, where an SQL expression",
                        "column: expression"),
                Arguments.of(
                        USER.replace("lower(email)", "data #>> '{a}'"),
                        7,
                        "entities.user.project.email",
                        "YAML takes '#>>'",
                        "double quotes"),
                Arguments.of(
                        "entities:\n  user:\n    table: t\n    key: { a: b }\n    project: {}\n    restore: {}\n",
                        4,
                        "entities.user.key",
                        "different columns for legacy and modern",
                        "List the key's columns once"));
    }

    @ParameterizedTest
    @MethodSource("wrongFiles")
    void whatIsWrongWithTheFormIsSaidWithLinePathAndRemedy(
            String text, int line, String path, String problem, String remedy) {
        read(text);

        assertThat(notes.findings(true)).anySatisfy(located -> {
            assertThat(located.line()).isEqualTo(line);
            assertThat(located.finding().path()).isEqualTo(path);
            assertThat(located.finding().problem()).contains(problem);
            assertThat(located.finding().remedy()).contains(remedy);
        });
    }

    @Test
    void aCommentAfterAnExpressionIsNoOperator() {
        read(USER.replace("lower(email)", "lower(email) # the address"));

        assertThat(notes.findings(true)).isEmpty();
    }

    private List<Declaration> read(String text) {
        return new DeclarationReader(text, notes).read();
    }

    private static String without(String key) {
        return USER.replaceAll("(?m)^    " + key + ": .*\n", "");
    }
}
