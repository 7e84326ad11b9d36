package dev.crossfade.codegen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.crossfade.model.CrossfadeException;
import dev.crossfade.model.InvalidInputException;
import dev.crossfade.testing.TestDatabase;
import dev.crossfade.testing.TestDatabases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jooq.codegen.JavaGenerator;
import org.jooq.meta.jaxb.ForcedType;
import org.jooq.meta.jaxb.GeneratedAnnotationType;
import org.jooq.meta.jaxb.Jdbc;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class CrossfadeDatabaseIT {

    private static final String LEGACY = "create table users (id bigint primary key, email text not null);\n";
    private static final String MODERN = """
            create schema modern;
            create table modern.users (id bigint primary key, email text not null unique);
            """;
    private static final String MAPPING = """
            entities:
              user:
                legacy: public.users
                modern: modern.users
                key: id
                project: { email: email }
                restore: { email: email }
            """;

    @TempDir
    private Path module;

    private final Map<String, String> properties = new HashMap<>();

    @BeforeEach
    void service() throws IOException {
        write("legacy.sql", LEGACY);
        write("migrations/V1__modern.up.sql", MODERN);
        write("crossfade.yaml", MAPPING);
        properties.putAll(Map.of(
                "basedir", module.toString(),
                "scripts", "legacy.sql",
                "migrations", "migrations",
                "mapping", "crossfade.yaml"));
    }

    @Test
    void theSameInputsGiveTheSameOutputAndTheSecondTimeNothingIsDone() throws Exception {
        Generation first = generation().run();
        assertThat(names(first))
                .contains("modern/tables/Users", "public_/tables/Users", "repository/DualWriteUserRepository")
                .noneMatch(name -> name.startsWith("crossfade/") || name.startsWith("pg_catalog/"));
        FileTime before = Files.getLastModifiedTime(first.files().getFirst());

        generation().run();
        assertThat(Files.getLastModifiedTime(first.files().getFirst())).isEqualTo(before);

        write("migrations/V2__more.up.sql", "alter table modern.users add column note text;\n");
        write("crossfade.yaml", MAPPING + "    ignore: [note]\n");
        Map<Path, String> texts = texts(generation().run());
        assertThat(texts.values()).anyMatch(text -> text.contains("NOTE"));

        Files.writeString(first.files().getFirst(), "edited by hand");
        assertThat(texts(generation().run())).isEqualTo(texts);
    }

    /** Whoever builds again must not take them for mended. */
    @Test
    void whatTheMappingIsWarnedOfIsInTheLogOfEveryBuild() throws Exception {
        write("migrations/V2__touched.up.sql", """
                create function modern.touch() returns trigger language plpgsql as 'begin return new; end';
                create trigger touch before update on modern.users for each row execute function modern.touch();
                """);
        Logger logger = (Logger) LoggerFactory.getLogger(CrossfadeGenerator.class);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        logger.addAppender(lines);
        try {
            generation().run();
            List<String> first = warnings(lines);
            assertThat(first)
                    .anySatisfy(line ->
                            assertThat(line).contains("crossfade.yaml:", "'touch' runs before rows of modern.users"));

            lines.list.clear();
            generation().run();
            assertThat(warnings(lines)).as("nothing is generated").isEqualTo(first);
        } finally {
            logger.detachAppender(lines);
        }
    }

    private static List<String> warnings(ListAppender<ILoggingEvent> lines) {
        return lines.list.stream()
                .filter(line -> line.getLevel() == Level.WARN)
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    @Test
    void generatedClassesAreMarkedWhereJooqMarksItsOwn() throws Exception {
        properties.put("repositoryPackage", "com.example.generated.shop");
        Generation generation = generation();
        generation
                .configuration()
                .getGenerator()
                .getGenerate()
                .withGeneratedAnnotation(true)
                .withGeneratedAnnotationType(GeneratedAnnotationType.ORG_JOOQ_GENERATED);
        generation.run();
        for (String name :
                List.of("User", "UserType", "UserRepository", "ModernUserRepository", "DualWriteUserRepository")) {
            assertThat(generation.text("com.example.generated.shop." + name))
                    .as(name)
                    .contains("\n@Generated(\"dev.crossfade.codegen.CrossfadeGenerator\")\n");
        }
    }

    @Test
    void convertersAndEntitiesNamedLikeJavaClassesCompile() throws Exception {
        write("legacy.sql", LEGACY.replace("email text not null", "email text not null, words text, tags text[]"));
        write(
                "migrations/V1__modern.up.sql",
                MODERN.replace("email text not null unique", "email text not null unique, words text, tags text[]"));
        write(
                "crossfade.yaml",
                MAPPING.replace("user:", "string:").replace("email: email", "email: email, words: words, tags: tags"));
        Generation generation = generation();
        generation
                .configuration()
                .getGenerator()
                .getDatabase()
                .withForcedTypes(
                        new ForcedType()
                                .withUserType("java.net.URI")
                                .withConverter(
                                        "org.jooq.Converter.ofNullable(String.class, java.net.URI.class, java.net.URI::create, Object::toString)")
                                .withIncludeExpression("modern\\.users\\.email"),
                        new ForcedType()
                                .withUserType("java.util.List<java.lang.String>")
                                .withConverter("new com.example.Words()")
                                .withIncludeExpression("modern\\.users\\.words"));
        write("Words.java", """
                package com.example;

                import java.util.List;
                import org.jooq.impl.AbstractConverter;

                public final class Words extends AbstractConverter<String, List<String>> {

                    private static final long serialVersionUID = 1L;

                    @SuppressWarnings("unchecked")
                    public Words() {
                        super(String.class, (Class<List<String>>) (Class<?>) List.class);
                    }

                    @Override
                    public List<String> from(String stored) {
                        return stored == null ? null : List.of(stored.split(" "));
                    }

                    @Override
                    public String to(List<String> words) {
                        return words == null ? null : String.join(" ", words);
                    }
                }
                """);
        generation
                .run()
                .compile(Files.createDirectory(module.resolve("classes")), List.of(module.resolve("Words.java")));
        assertThat(generation.text("com.example.generated.repository.StringRepository"))
                .contains("findByEmail(URI email)");
        assertThat(generation.text("com.example.generated.repository.String"))
                .contains(
                        "Long id",
                        "URI email",
                        "@Nullable List<java.lang.String> words",
                        "java.lang.String @Nullable [] tags");
    }

    @Test
    void anExistingDatabaseIsLookedAtAsItIs() throws Exception {
        try (TestDatabase database = TestDatabases.create()) {
            database.execute(LEGACY, MODERN, "alter table modern.users add column only_here text");
            write("legacy.sql", "not run at all");
            write("crossfade.yaml", MAPPING + "    ignore: [only_here]\n");
            Generation generation = generation();
            generation
                    .configuration()
                    .withJdbc(new Jdbc()
                            .withUrl(database.url())
                            .withUser(database.user())
                            .withPassword(database.password()));
            assertThat(generation.run().text("com.example.generated.modern.tables.Users"))
                    .contains("ONLY_HERE");
            assertThat(generation.text("com.example.generated.repository.User")).contains("String email");
            assertThat(database.dsl().fetchValue("select to_regnamespace('crossfade')"))
                    .isNull();
        }
    }

    @Test
    void twoDatabasesMayHaveTablesOfOneName() throws Exception {
        write("modern.sql", LEGACY.replace("text not null", "varchar(99) not null unique"));
        write("crossfade.yaml", MAPPING.replace("modern.users", "public.users"));
        properties.putAll(Map.of("topology", "two-databases", "modernScripts", "modern.sql"));
        properties.remove("migrations");
        Generation modern = generation().run();
        assertThat(modern.text("com.example.generated.repository.UserType"))
                .contains(
                        ".legacy(\"public\", \"users\")",
                        ".modern(\"public\", \"users\")",
                        ".project(new Column(\"email\", \"character varying(99)\"), \"email\")",
                        ".restore(new Column(\"email\", \"text\"), \"email\")");
        assertThat(modern.text("com.example.generated.repository.UserRepository"))
                .contains("findByEmail(String email)");

        properties.put("side", "legacy");
        assertThatThrownBy(generation()::run)
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("CrossfadeGenerator looks at the modern side");
        Generation legacy = generation();
        legacy.configuration().getGenerator().setName(JavaGenerator.class.getName());
        legacy.configuration().getGenerator().getTarget().setPackageName("com.example.legacy");
        assertThat(legacy.run().text("com.example.legacy.tables.Users")).contains("SQLDataType.CLOB");
    }

    @Test
    void aFailingScriptIsNamedWithItsLine() throws Exception {
        write(
                "legacy.sql",
                "\\restrict abc\n" + LEGACY + "\ncreate table orders (\n    id bigint,\n    user_id missing\n);\n");
        assertThatThrownBy(generation()::run)
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll(
                        module.resolve("legacy.sql") + ":6 failed (SQLSTATE 42704)", "type \"missing\" does not exist");
    }

    @Test
    void aFailingMigrationIsNamedWithItsLine() throws Exception {
        write("migrations/V2__wrong.up.sql", "\nalter table modern.users add column email text;\n");
        assertThatThrownBy(generation()::run)
                .isInstanceOf(CrossfadeException.class)
                .hasMessageContainingAll("V2__wrong.up.sql:2 failed (SQLSTATE 42701)");
    }

    @Test
    void everyFindingInTheMappingIsListedAndNothingIsGenerated() throws Exception {
        write("crossfade.yaml", MAPPING.replace("{ email: email }", "{ email: mail, name: email }"));
        Generation generation = generation();
        assertThatThrownBy(generation::run)
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll("crossfade.yaml:6", "crossfade.yaml:7", "mail", "name");
        assertThat(generation.files()).isEmpty();
    }

    @Test
    void whatCannotBeGeneratedIsListedAtOnce() throws Exception {
        write("legacy.sql", LEGACY + "create type place as (x int);\n" + LEGACY.replace("users", "others"));
        write("migrations/V2__others.up.sql", "create table modern.others (id bigint primary key, email place);\n");
        write(
                "crossfade.yaml",
                MAPPING
                        + second("user-type")
                                .replace(
                                        "project: { email: email }",
                                        "project: { email: cast(row(1) as public.place) }"));
        assertThatThrownBy(generation()::run)
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll(
                        "user-type: the column email of modern.others has the composite type public.place",
                        "user and user-type: both give a class UserType");

        Generation generation = generation();
        generation.configuration().getGenerator().getDatabase().setExcludes("modern\\.(users|others\\.email)");
        generation.configuration().getGenerator().getDatabase().setIncludeExcludeColumns(true);
        assertThatThrownBy(generation::run)
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll(
                        "user: jOOQ does not generate the modern table modern.users",
                        "user-type: jOOQ does not generate the column email of modern.others");
    }

    /** The mapping of a second entity, to follow the first one. */
    private static String second(String entity) {
        return MAPPING.replace("entities:\n", "").replace("user:", entity + ":").replace("users", "others");
    }

    private Generation generation() {
        return new Generation(module.resolve("target"), properties);
    }

    private List<String> names(Generation generation) {
        Path root = module.resolve("target/com/example/generated");
        return generation.files().stream()
                .map(file -> root.relativize(file).toString().replace(".java", ""))
                .toList();
    }

    private static Map<Path, String> texts(Generation generation) throws IOException {
        Map<Path, String> texts = new HashMap<>();
        for (Path file : generation.files()) {
            texts.put(file, Files.readString(file));
        }
        return texts;
    }

    private void write(String name, String text) throws IOException {
        Path file = module.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
