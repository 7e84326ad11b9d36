package dev.crossfade.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Makes the project of docs/tutorial.md from that page alone, builds it, runs it, and does with it what the page says.
 */
class TutorialIT {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern FILE =
            Pattern.compile("`([^`\\s]+)`[^`\\n]*:\\n\\n```\\w+\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern CODE = Pattern.compile("```\\w+\\n.*?```", Pattern.DOTALL);
    private static final Pattern SHELL = Pattern.compile("\\n```\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern ECHO = Pattern.compile("echo '(.*)' > (.*)");
    private static final String MIGRATION = "## 7. The migration";
    private static final String END = "## 8. The end";
    private static final int REFUSED = 3;
    private static final Map<String, Path> MODULES = Map.of(
            "crossfade-parent", ROOT,
            "crossfade-bom", ROOT.resolve("src/bom"),
            "crossfade-core", ROOT.resolve("src"),
            "crossfade-ops", ROOT.resolve("ops"),
            "crossfade-jooq-codegen", ROOT.resolve("jooq-codegen"));

    private static final Set<String> POMS = Set.of("crossfade-parent", "crossfade-bom");

    @TempDir
    private Path folder;

    private Path project;
    private EmbeddedPostgres server;

    @BeforeEach
    void start() throws IOException {
        project = Files.createDirectory(folder.resolve("shop"));
        server = EmbeddedPostgres.builder().start();
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @Test
    void theProjectOfTheTutorialIsBuiltRunsMigratesAndIsRidOfCrossfade() throws Exception {
        String tutorial = Files.readString(ROOT.resolve("docs/tutorial.md"));
        int migration = tutorial.indexOf(MIGRATION);
        int end = tutorial.indexOf(END);
        makeFiles(tutorial.substring(0, migration));
        execute(Files.readString(project.resolve("src/main/resources/db/legacy/1_customers.sql")));
        install();

        open(() -> obey(tutorial.substring(migration, end)));
        makeFiles(tutorial.substring(end));
        open(() -> obey(tutorial.substring(end)));

        assertThat(count("select count(*) from pg_namespace where nspname in ('legacy', 'crossfade')"))
                .isZero();
    }

    private interface Work {
        void run() throws Exception;
    }

    private void makeFiles(String chapters) {
        FILE.matcher(chapters).results().forEach(file -> write(file.group(1), file.group(2)));
    }

    /** Builds the shop and does something while it is open, which it does not notice. */
    private void open(Work work) throws Exception {
        Ran built = run(maven("compile"));
        assertThat(built.code()).as(built.text()).isZero();
        assertThat(built.text()).as("what the build prints").isBlank();
        Path said = Files.createTempFile(folder, "shop", ".log");
        Process shop = start(maven("exec:java"), said);
        try {
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> Files.readString(said).contains("The shop is open."));
            work.run();
            long before = count("select count(*) from modern.people");
            await().atMost(Duration.ofMinutes(1)).until(() -> count("select count(*) from modern.people") > before);
            assertThat(shop.isAlive()).as(Files.readString(said)).isTrue();
            assertThat(Files.readString(said)).doesNotContain("WARN", "ERROR", "Exception");
        } finally {
            shop.descendants().forEach(ProcessHandle::destroy);
            shop.destroy();
            shop.waitFor();
        }
    }

    private void obey(String chapter) throws IOException, InterruptedException {
        for (String line : SHELL.matcher(CODE.matcher(chapter).replaceAll(""))
                .results()
                .flatMap(block -> block.group(1).lines())
                .toList()) {
            Matcher echo = ECHO.matcher(line);
            if (echo.matches()) {
                write(echo.group(2), echo.group(1));
            } else if (line.startsWith("crossfade ")) {
                Ran ran = crossfade(line.split(" +"));
                // An instance tells a little later that it has applied a stage.
                for (int again = 0; ran.code() == REFUSED && again < 10; again++) {
                    ran = crossfade(line.split(" +"));
                }
                assertThat(ran.code()).as("%s%n%s", line, ran.text()).isZero();
            }
        }
    }

    /** Puts what `./mvnw install` would install into a repository of the test's own. */
    private void install() throws IOException {
        for (Map.Entry<String, Path> module : MODULES.entrySet()) {
            String version = version();
            Path target = Files.createDirectories(repository()
                    .resolve("dev/crossfade")
                    .resolve(module.getKey())
                    .resolve(version));
            String name = module.getKey() + "-" + version;
            Files.copy(module.getValue().resolve("pom.xml"), target.resolve(name + ".pom"));
            Path jar = module.getValue().resolve("target").resolve(name + ".jar");
            if (!POMS.contains(module.getKey())) {
                Files.copy(jar, target.resolve(name + ".jar"));
            }
        }
    }

    private static String version() throws IOException {
        Matcher version =
                Pattern.compile("<version>(.*?)</version>").matcher(Files.readString(ROOT.resolve("pom.xml")));
        assertThat(version.find()).isTrue();
        return version.group(1);
    }

    private Path repository() {
        return folder.resolve("repository");
    }

    private List<String> maven(String goal) {
        return List.of(
                ROOT.resolve("mvnw").toString(),
                "-q",
                "-B",
                "-o",
                "-f",
                project.resolve("pom.xml").toString(),
                "-Dmaven.repo.local=" + repository(),
                "-Dmaven.repo.local.tail=" + Path.of(System.getProperty("user.home"), ".m2", "repository"),
                goal);
    }

    private Ran crossfade(String... line) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-jar",
                ROOT.resolve("cli/target/crossfade.jar").toString()));
        Stream.of(line).skip(1).forEach(command::add);
        return run(command);
    }

    private record Ran(int code, String text) {}

    private Ran run(List<String> command) throws IOException, InterruptedException {
        Path said = Files.createTempFile(folder, "said", ".log");
        int code = start(command, said).waitFor();
        return new Ran(code, Files.readString(said));
    }

    private Process start(List<String> command, Path said) throws IOException {
        ProcessBuilder process = new ProcessBuilder(command)
                .directory(project.toFile())
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(said.toFile());
        process.environment().put("JAVA_HOME", System.getProperty("java.home"));
        process.environment().put("DB_URL", "jdbc:postgresql://localhost:" + server.getPort() + "/postgres");
        process.environment().put("DB_USER", "postgres");
        process.environment().put("DB_PASSWORD", "postgres");
        return process.start();
    }

    private void write(String file, String text) {
        try {
            Path path = project.resolve(file);
            Files.createDirectories(path.getParent());
            Files.writeString(path, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private long count(String sql) throws SQLException {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }
}
