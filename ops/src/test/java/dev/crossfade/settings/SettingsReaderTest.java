package dev.crossfade.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.gate.GateSettings;
import dev.crossfade.model.InvalidInputException;
import dev.crossfade.schema.SchemaSettings;
import dev.crossfade.worker.WorkerSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsReaderTest {

    private static final Map<String, String> ENVIRONMENT = Map.of(
            "DB_HOST",
            "db.example.org",
            "DB_PORT",
            "6543",
            "DB_NAME",
            "shop",
            "DB_USER",
            "ops",
            "DB_PASSWORD",
            "s3cret");

    @TempDir
    private Path folder;

    @Test
    void theEnvironmentAloneIsEnough() {
        Settings settings = new SettingsReader(ENVIRONMENT, folder).read();

        assertThat(settings.legacy().url()).isEqualTo("jdbc:postgresql://db.example.org:6543/shop");
        assertThat(settings.legacy().user()).isEqualTo("ops");
        assertThat(settings.legacy().password()).contains("s3cret");
        assertThat(settings.modern()).isEmpty();
        assertThat(settings.mapping()).isEqualTo(folder.resolve("crossfade.yaml"));
        assertThat(settings.migrations()).isEqualTo(folder.resolve("migrations"));
        assertThat(settings.modernWrite()).isTrue();
    }

    @Test
    void aFlagOverrulesTheEnvironmentWhichOverrulesTheFile() throws IOException {
        file("db.host=from-file", "db.name=from-file", "db.user=from-file", "db.port=1111");
        SettingsReader reader =
                new SettingsReader(Map.of("DB_HOST", "from-environment", "DB_NAME", "from-environment"), folder);

        Settings settings = reader.read(Map.of(SettingKey.DB_HOST, "from-flag"), Optional.empty());

        assertThat(settings.legacy().url()).isEqualTo("jdbc:postgresql://from-flag:1111/from-environment");
        assertThat(settings.legacy().user()).isEqualTo("from-file");
    }

    @Test
    void aUrlOverrulesTheHostOfAWeakerLayer() throws IOException {
        file("db.host=from-file", "db.name=from-file", "db.user=u");

        Settings settings = new SettingsReader(Map.of("DB_URL", "jdbc:postgresql://other/name"), folder).read();

        assertThat(settings.legacy().location()).isEqualTo("other:5432/name");
    }

    @Test
    void aHostOverrulesTheUrlOfAWeakerLayerAndThenNeedsAName() throws IOException {
        file("db.url=jdbc:postgresql://from-file/name", "db.user=u");
        SettingsReader reader = new SettingsReader(Map.of("DB_HOST", "other"), folder);

        assertThatThrownBy(reader::read)
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("db.name: it is not set, and db.url")
                .hasMessageContaining("crossfade.properties:1) is overruled");
    }

    @Test
    void everyFindingIsSaidAtOnceWithFileAndLine() throws IOException {
        file(
                "# databases",
                "db.url=jdbc:postgresql://a/b",
                "db.host=a",
                "db.hots=typo",
                "colour=blue",
                "db.user=u",
                "db.user=v",
                "enable.modern.write=maybe",
                "modern.db.user=only",
                "db.password=x",
                "db.password.file=y");

        assertThatThrownBy(() -> new SettingsReader(Map.of("MODERN_DB_PORT", "0"), folder).read())
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("crossfade.properties:3: db.host contradicts db.url, which is set at")
                .hasMessageContaining("crossfade.properties:4: 'db.hots' is no setting. Did you mean 'db.host'?")
                .hasMessageContaining("crossfade.properties:5: 'colour' is no setting. The settings are listed")
                .hasMessageContaining("crossfade.properties:7: 'db.user' is set before, at")
                .hasMessageContaining("crossfade.properties:8: enable.modern.write is 'maybe'; write true or false.")
                .hasMessageContaining("crossfade.properties:11: db.password.file contradicts db.password")
                .hasMessageContaining("MODERN_DB_PORT: '0' is no port")
                .hasMessageContaining("modern.db.name: it is not set");
    }

    @Test
    void aPropertyMayGoOnOverSeveralLines() throws IOException {
        file(
                "db.url = jdbc:postgresql://host/name?\\",
                "    connectTimeout=7",
                "! a comment",
                "",
                "db.user: u",
                "nonsense=1");

        assertThatThrownBy(() -> new SettingsReader(Map.of(), folder).read())
                .hasMessageContaining("crossfade.properties:6: 'nonsense'");
        file("db.url = jdbc:postgresql://host/name?\\", "    connectTimeout=7", "db.user: u");
        assertThat(new SettingsReader(Map.of(), folder).read().legacy().url())
                .isEqualTo("jdbc:postgresql://host/name?connectTimeout=7");
    }

    @Test
    void gatesRequireWhatIsSetAndTheDefaultsOtherwise() throws IOException {
        file(
                "db.name=n",
                "db.user=u",
                "gate.intents=5",
                "gate.missed.writes=1",
                "gate.oldest.intent=90s",
                "gate.verification.age=12h",
                "gate.shadow.comparisons=7",
                "gate.shadow.mismatch.percent=0.25",
                "gate.shadow.window=30m",
                "gate.replicas.legacy=a",
                "gate.replicas.modern=b, c,",
                "gate.replicas.patience=500ms",
                "gate.restore.rows=50",
                "gate.stable.for=1h",
                "gate.together.within=2h");

        assertThat(new SettingsReader(Map.of("CROSSFADE_GATE_INTENTS", "6"), folder)
                        .read(Map.of(SettingKey.GATE_MISSED_WRITES, "2"), Optional.empty())
                        .gates())
                .isEqualTo(new GateSettings(
                        new GateSettings.Backlog(6, 2, Duration.ofSeconds(90)),
                        Duration.ofHours(12),
                        new GateSettings.Shadow(7, 0.25, Duration.ofMinutes(30)),
                        new GateSettings.Replicas(Set.of("a"), Set.of("b", "c"), Duration.ofMillis(500)),
                        50,
                        Duration.ofHours(1),
                        Duration.ofHours(2)));
        file("db.name=n", "db.user=u");
        assertThat(new SettingsReader(Map.of(), folder).read().gates()).isEqualTo(GateSettings.DEFAULTS);
    }

    @Test
    void migrationsWaitForLocksAsIsSet() throws IOException {
        file("db.name=n", "db.user=u", "migrate.lock.timeout=3s", "migrate.lock.attempts=4");
        SchemaSettings defaults = SchemaSettings.DEFAULTS;

        assertThat(new SettingsReader(Map.of("CROSSFADE_MIGRATE_LOCK_ATTEMPTS", "5"), folder)
                        .read()
                        .migrating())
                .isEqualTo(defaults.withLockTimeout(Duration.ofSeconds(3)).withLockAttempts(5, defaults.lockPause()));

        file("db.name=n", "db.user=u", "migrate.lock.timeout=0s");
        assertThatThrownBy(() -> new SettingsReader(Map.of(), folder).read())
                .hasMessageContaining("migrate: migrate.lock.timeout is 0 s; it must be 1 ms or more.");
    }

    @Test
    void limitsOfGatesThatAreNoneAreRefused() throws IOException {
        file(
                "db.name=n",
                "db.user=u",
                "gate.intents=many",
                "gate.oldest.intent=5 minutes",
                "gate.shadow.mismatch.percent=-1",
                "gate.replicas.patience=2m",
                "gate.restore.rows=0");

        assertThatThrownBy(() -> new SettingsReader(Map.of(), folder).read())
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("crossfade.properties:3: gate.intents is 'many'; write a whole number")
                .hasMessageContaining(
                        "crossfade.properties:4: gate.oldest.intent is '5 minutes'; write a number and its unit")
                .hasMessageContaining("crossfade.properties:5: gate.shadow.mismatch.percent is '-1'")
                .hasMessageContaining("gate.replicas.patience is 120 s; it must be from 0 s to 60 s.")
                .hasMessageContaining("gate.restore.rows is 0");
    }

    @Test
    void theSecondDatabaseTakesHostAndLoginFromTheFirst() {
        Map<String, String> environment =
                Map.of("DB_HOST", "h", "DB_NAME", "one", "DB_USER", "u", "DB_PASSWORD", "p", "MODERN_DB_NAME", "two");

        DatabaseSettings modern =
                new SettingsReader(environment, folder).read().modern().orElseThrow();

        assertThat(modern).isEqualTo(new DatabaseSettings("jdbc:postgresql://h:5432/two", "u", Optional.of("p")));
    }

    @Test
    void aUserOfTheSecondDatabaseDoesNotGetThePasswordOfTheFirst() {
        Map<String, String> environment = Map.of(
                "DB_HOST", "h",
                "DB_NAME", "one",
                "DB_USER", "u",
                "DB_PASSWORD", "p",
                "MODERN_DB_NAME", "two",
                "MODERN_DB_USER", "other");

        assertThat(new SettingsReader(environment, folder)
                        .read()
                        .modern()
                        .orElseThrow()
                        .password())
                .isEmpty();
    }

    @Test
    void aSecondDatabaseThatNothingLocatesIsRefused() {
        Map<String, String> environment = Map.of("DB_NAME", "one", "DB_USER", "u", "MODERN_DB_USER", "other");

        assertThatThrownBy(() -> new SettingsReader(environment, folder).read())
                .hasMessageContaining("MODERN_DB_USER: modern.db.user is set, but nothing says where");
    }

    @Test
    void theSameDatabaseTwiceIsRefused() {
        Map<String, String> environment =
                Map.of("DB_NAME", "one", "DB_USER", "u", "MODERN_DB_URL", "jdbc:postgresql://localhost/one");

        assertThatThrownBy(() -> new SettingsReader(environment, folder).read())
                .hasMessageContaining("modern.db: the settings name the same database as db, localhost:5432/one.");
    }

    @Test
    void noSettingsAtAllSayWhatToSet() {
        assertThatThrownBy(() -> new SettingsReader(Map.of(), folder).read())
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("nothing says which database to work on")
                .hasMessageContaining("DB_HOST");
    }

    @Test
    void noSecretIsShown() throws IOException {
        file("db.url=jdbc:postgresql://h/n?user=u&password=hunter2&ssl=false", "modern.db.url=jdbc:postgresql://m/n");

        Settings settings = new SettingsReader(Map.of("MODERN_DB_PASSWORD", "hunter3"), folder).read();

        assertThat(settings.legacy().url()).isEqualTo("jdbc:postgresql://h/n?ssl=false");
        assertThat(settings.legacy().password()).contains("hunter2");
        assertThat(settings.modern().orElseThrow().password()).contains("hunter3");
        assertThat(settings.toString()).doesNotContain("hunter").contains("h:5432/n as u");
    }

    @Test
    void aPasswordInAFlagIsRefusedWithoutShowingIt() {
        assertThatThrownBy(() -> new SettingsReader(Map.of("DB_USER", "u"), folder)
                        .read(Map.of(SettingKey.DB_URL, "jdbc:postgresql://h/n?password=hunter2"), Optional.empty()))
                .hasMessageContaining("--db-url: a password on the command line can be read by everyone")
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void aPasswordFileGivesItsFirstLine() throws IOException {
        Files.writeString(folder.resolve("secret"), "pa ss \nsecond line");
        file("db.name=n", "db.user=u", "db.password.file=secret");

        assertThat(new SettingsReader(Map.of(), folder).read().legacy().password())
                .contains("pa ss ");
    }

    @Test
    void aPasswordFileThatIsNotThereIsAFinding() throws IOException {
        file("db.name=n", "db.user=u", "db.password.file=secret");

        assertThatThrownBy(() -> new SettingsReader(Map.of(), folder).read())
                .hasMessageContaining("crossfade.properties:3: the password file")
                .hasMessageContaining("cannot be read");
    }

    @Test
    void blankVariablesSetNothing() {
        Map<String, String> environment = Map.of("DB_NAME", "n", "DB_USER", "u", "DB_URL", "", "DB_PORT", " ");

        assertThat(new SettingsReader(environment, folder).read().legacy().location())
                .isEqualTo("localhost:5432/n");
    }

    @Test
    void pathsInAFileStartAtTheFile() throws IOException {
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        Files.writeString(
                elsewhere.resolve("ops.properties"), "db.name=n\ndb.user=u\nmapping=map.yaml\nmigrations=ddl\n");

        Settings settings = new SettingsReader(Map.of("CROSSFADE_MIGRATIONS", "other"), folder)
                .read(Map.of(), Optional.of(Path.of("elsewhere/ops.properties")));

        assertThat(settings.mapping()).isEqualTo(elsewhere.resolve("map.yaml"));
        assertThat(settings.migrations()).isEqualTo(folder.resolve("other"));
    }

    @Test
    void aNamedFileMustBeThere() {
        assertThatThrownBy(
                        () -> new SettingsReader(ENVIRONMENT, folder).read(Map.of(), Optional.of(Path.of("nowhere"))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("--config: there is no file 'nowhere'.");
    }

    @Test
    void aFileThatIsNotUtf8IsAFinding() throws IOException {
        Files.write(folder.resolve("crossfade.properties"), "db.name=käse".getBytes(StandardCharsets.ISO_8859_1));

        assertThatThrownBy(() -> new SettingsReader(ENVIRONMENT, folder).read())
                .hasMessageContaining("is not UTF-8 text");
    }

    @ParameterizedTest
    @CsvSource({"true,true", "ON,true", "1,true", "false,false", "no,false", "0,false"})
    void modernWriteIsReadFromTheEnvironment(String text, boolean on) {
        Map<String, String> environment = Map.of("DB_NAME", "n", "DB_USER", "u", "ENABLE_MODERN_WRITE", text);

        assertThat(new SettingsReader(environment, folder).read().modernWrite()).isEqualTo(on);
    }

    @ParameterizedTest
    @CsvSource({"mysql://h/n", "jdbc:mysql://h/n", "jdbc:postgresql://h:port/n"})
    void aUrlThatIsNoneIsAFinding(String url) {
        assertThatThrownBy(() -> new SettingsReader(Map.of("DB_URL", url, "DB_USER", "u"), folder).read())
                .hasMessageContaining("DB_URL: db.url is no JDBC URL of PostgreSQL.");
    }

    @Test
    void namesWithOddCharactersAndAddressesOfVersionSixSurvive() {
        Map<String, String> environment = Map.of("DB_HOST", "::1", "DB_NAME", "my shop?/100%", "DB_USER", "u");

        assertThat(new SettingsReader(environment, folder).read().legacy().location())
                .isEqualTo("[::1]:5432/my shop?/100%");
    }

    @Test
    void theWorkersSettingsComeFromEverywhereAndItsFlagsNeedNoPrefix() throws IOException {
        file("worker.sweep.rows.per.second=10", "worker.threads=3");
        Map<String, String> environment = new HashMap<>(ENVIRONMENT);
        environment.put("CROSSFADE_WORKER_HTTP", "0.0.0.0:9464");

        WorkerSettings worker = new SettingsReader(environment, folder)
                .read(Map.of(SettingKey.WORKER_STOP_WITHIN, "3s"), Optional.empty())
                .worker();

        assertThat(worker.sweeping().rowsPerSecond()).isEqualTo(10);
        assertThat(worker.running().threads()).isEqualTo(3);
        assertThat(worker.running().stopWithin()).isEqualTo(Duration.ofSeconds(3));
        assertThat(worker.running().http().orElseThrow().getHostString()).isEqualTo("0.0.0.0");
        assertThat(worker.running().http().orElseThrow().getPort()).isEqualTo(9464);
        assertThat(worker.draining()).isEqualTo(WorkerSettings.DEFAULTS.draining());
        assertThat(SettingKey.WORKER_STOP_WITHIN.flag()).isEqualTo("--stop-within");
    }

    @Test
    void withoutAHostAWorkerAnswersOnThisMachineAlone() {
        WorkerSettings worker = new SettingsReader(ENVIRONMENT, folder)
                .read(Map.of(SettingKey.WORKER_HTTP, "9464"), Optional.empty())
                .worker();

        assertThat(worker.running().http().orElseThrow().getAddress().isLoopbackAddress())
                .isTrue();
    }

    @Test
    void workerSettingsThatMakeNoSenseAreRefusedTogether() throws IOException {
        file("worker.threads=1", "worker.http=nowhere", "worker.interval=0ms", "worker.keep.count=0");

        assertThatThrownBy(() -> new SettingsReader(ENVIRONMENT, folder).read())
                .hasMessageContaining("worker: worker.threads is 1; it must be from 2 to 64.")
                .hasMessageContaining("crossfade.properties:2: worker.http is 'nowhere'; write a port")
                .hasMessageContaining("worker: worker.interval is 0 s; it must be 1 ms or more.")
                .hasMessageContaining("worker: worker.keep.count is 0; it must be 1 or more.");
    }

    private void file(String... lines) throws IOException {
        Files.writeString(folder.resolve("crossfade.properties"), String.join("\n", lines));
    }
}
