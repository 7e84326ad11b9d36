package dev.crossfade.torture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.control.Databases;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Stage;
import dev.crossfade.testing.Notes;
import dev.crossfade.testing.StoppableServer;
import dev.crossfade.testing.TestDatabase;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Users.User;
import dev.crossfade.testing.World;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Services under load in one world. Some of them, their worker and their servers are killed again and again. */
final class KillRun implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(KillRun.class);
    private static final long SEED = Long.getLong("crossfade.test.seed", System.nanoTime());

    private static final int AT_ONCE = 3;
    private static final int LONGEST_LIFE_MILLIS = 1500;
    private static final long KEYS_APART = 100;

    /** The kills between two full checks, so that a long run does not find a failure only at the end. */
    private static final int ROUND = 50;

    private final Random random = new Random(SEED);
    private final World world;
    private final Stage stage;
    private final WorkerProcess.Site site;
    /** Runs beside the services until it is killed in its turn; then the next one starts while one is killed. */
    private WorkerProcess worker;

    private final List<TortureProcess> all = new ArrayList<>();
    private final List<TortureProcess> running = new ArrayList<>();
    private final Map<String, Integer> killed = new HashMap<>();

    /** Whether a server was killed, which fails in-flight calls. */
    private boolean failuresAllowed;

    KillRun(World world, Stage stage, Path folder) throws IOException {
        this.world = world;
        this.stage = stage;
        this.site = WorkerProcess.Site.create(folder, world);
        this.worker = site.startWorker();
    }

    /** Kills services at random moments of their first seconds; several run at once. */
    void killServices(int kills) throws Exception {
        Progress progress = new Progress("service", kills);
        for (int i = 0; i < kills; i++) {
            startServices(Math.min(AT_ONCE, kills - i));
            awaitWrites(running.getFirst(), 1);
            pause();
            running.remove(0).kill();
            progress.killed();
            if ((i + 1) % ROUND == 0) {
                check();
            }
        }
    }

    /** Kills workers, which compete with the services for their notes and for intents of keys in use. */
    void killWorkers(int kills) throws Exception {
        startServices(1);
        DSLContext authority = world.databases().dsl(stage.authority());
        Progress progress = new Progress("worker", kills);
        for (int i = 0; i < kills; i++) {
            worker.awaitWorking();
            WorkerProcess next = site.startWorker();
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(random.nextInt(LONGEST_LIFE_MILLIS));
            while (System.nanoTime() < end) {
                long key = random.nextLong(TortureService.SHARED_KEYS);
                Notes.append(authority, "user", List.of(RecordKey.of(Long.toString(key))));
            }
            worker.close();
            worker = next;
            progress.killed();
        }
    }

    /** Kills all processes of a server, and restarts it on what is on its disk. */
    void killServer(String name, StoppableServer server, int kills) throws Exception {
        failuresAllowed = true;
        startServices(1);
        Progress progress = new Progress(name, kills);
        for (int i = 0; i < kills; i++) {
            awaitWrites(running.getFirst(), running.getFirst().writes() + 1);
            pause();
            server.kill();
            server.start();
            progress.killed();
        }
        awaitWrites(running.getFirst(), running.getFirst().writes() + 1);
    }

    /** Kills what is running, drains what is left, and looks for every acknowledged write and for differences. */
    void check() throws Exception {
        while (!running.isEmpty()) {
            running.removeLast().kill();
        }
        for (TortureProcess process : all) {
            process.end();
        }
        awaitServers();
        world.awaitNoOtherWriter();
        int drained = world.drain();
        assertThat(world.differences()).as("seed %d", SEED).isEmpty();
        Map<Long, User> users = users();
        List<Long> generated = new ArrayList<>();
        long writes = 0;
        for (TortureProcess process : all) {
            process.acknowledged()
                    .forEach((key, version) -> assertThat(Optional.ofNullable(users.get(key)))
                            .as("seed %d: %d was acknowledged at %d", SEED, key, version)
                            .isIn(TortureService.version(key, version), TortureService.version(key, version + 1)));
            generated.addAll(process.generated());
            writes += process.writes();
            assertThat(process.staleReads()).as("seed %d: stale reads", SEED).isEmpty();
            if (!failuresAllowed) {
                assertThat(process.failures()).as("seed %d: failures", SEED).isEmpty();
            }
        }
        assertThat(generated).as("seed %d: generated keys", SEED).doesNotHaveDuplicates();
        assertThat(users.keySet()).as("seed %d: generated keys", SEED).containsAll(generated);
        LOG.info(
                "kill, {}: killed {}; {} writes acknowledged, 0 missing; {} keys drained, 0 differences",
                place(),
                killed,
                writes + generated.size(),
                drained);
    }

    @Override
    public void close() throws Exception {
        worker.close();
        for (TortureProcess process : all) {
            process.kill();
            process.end();
        }
    }

    private void startServices(int atLeast) throws IOException {
        while (running.size() < atLeast) {
            TortureProcess process = new TortureProcess(world, KEYS_APART * (all.size() + 1));
            all.add(process);
            running.add(process);
        }
    }

    private static void awaitWrites(TortureProcess process, long writes) {
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> process.writes() >= writes);
    }

    private void awaitServers() {
        for (TestDatabase database : List.of(world.legacy(), world.modern())) {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .ignoreExceptionsInstanceOf(DataAccessException.class)
                    .until(() -> database.dsl().fetchValue("select 1") != null);
        }
    }

    private void pause() throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(random.nextInt(LONGEST_LIFE_MILLIS));
    }

    /** The authoritative rows in the modern shape, read and projected here. */
    private Map<Long, User> users() {
        DSLContext legacy = Databases.dsl(world.databases().legacy());
        Map<Long, User> users = new HashMap<>();
        legacy.fetch(
                        "select id, lower(email) as email, concat_ws(' ', first_name, last_name) as name from legacy.users")
                .forEach(row -> users.put(
                        row.get("id", Long.class),
                        new User(
                                row.get("id", Long.class),
                                row.get("email", String.class),
                                row.get("name", String.class))));
        return users;
    }

    private String place() {
        Topology topology = world.modern() == world.legacy() ? Topology.ONE_DATABASE : Topology.TWO_DATABASES;
        return topology + " in " + stage.label();
    }

    /** Shows how many kills of one kind are done. */
    private final class Progress {

        private static final int EVERY = 10;

        private final String what;
        private final int kills;
        private final long start = System.nanoTime();
        private int done;

        Progress(String what, int kills) {
            this.what = what;
            this.kills = kills;
        }

        void killed() {
            done++;
            killed.merge(what, 1, Integer::sum);
            if (done % EVERY == 0 || done == kills) {
                double seconds = (System.nanoTime() - start) / 1e9;
                LOG.info(
                        "kill, {}: {} of {} of the kind '{}', {} a second, {} s left",
                        place(),
                        done,
                        kills,
                        what,
                        "%.2f".formatted(done / seconds),
                        Math.round(seconds / done * (kills - done)));
            }
        }
    }
}
