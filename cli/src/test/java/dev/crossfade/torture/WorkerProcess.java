package dev.crossfade.torture;

import dev.crossfade.cli.Main;
import dev.crossfade.testing.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.awaitility.Awaitility;

/** A {@code crossfade worker} in its own process; {@link #close()} kills it. */
record WorkerProcess(Process process, Path said) implements AutoCloseable {

    /** What an operator has: a mapping file, and the databases' addresses. */
    record Site(Path folder, Map<String, String> environment) {

        private static final String MAPPING = """
                entities:
                  user:
                    legacy: legacy.users
                    modern: modern.accounts
                    key: { id: account_id }
                    project:
                      email: lower(btrim(email))
                      full_name: concat_ws(' ', first_name, last_name)
                    restore:
                      email: email
                      first_name: split_part(full_name, ' ', 1)
                      last_name: nullif(substr(full_name, length(split_part(full_name, ' ', 1)) + 2), '')
                """;

        static Site create(Path folder, World world) throws IOException {
            Files.writeString(folder.resolve("crossfade.yaml"), MAPPING);
            Map<String, String> environment = new HashMap<>();
            environment.put("DB_URL", world.legacy().url());
            environment.put("DB_USER", world.legacy().user());
            environment.put("DB_PASSWORD", world.legacy().password());
            if (world.modern() != world.legacy()) {
                environment.put("MODERN_DB_URL", world.modern().url());
            }
            return new Site(folder, environment);
        }

        WorkerProcess startWorker() throws IOException {
            Path said = Files.createTempFile(folder, "worker", ".err");
            ProcessBuilder builder = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-XX:+UseSerialGC",
                            "-Xmx96m",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Main.class.getName(),
                            "worker",
                            "--grace",
                            "0s",
                            "--interval",
                            "10ms")
                    .directory(folder.toFile())
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(said.toFile());
            builder.environment().putAll(environment);
            return new WorkerProcess(builder.start(), said);
        }
    }

    /** Waits until it has found its databases. */
    void awaitWorking() {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> Files.readString(said).contains("Working on user."));
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
