package dev.crossfade.torture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.Crossfade;
import dev.crossfade.backfill.Backfill;
import dev.crossfade.backfill.BackfillListener;
import dev.crossfade.flags.AuthorityFlip;
import dev.crossfade.flags.GateListener;
import dev.crossfade.flags.StageChanger;
import dev.crossfade.flags.StageChanger.Request;
import dev.crossfade.flags.StageLog.Author;
import dev.crossfade.gate.GateSettings;
import dev.crossfade.gate.Gates;
import dev.crossfade.model.RefusedException;
import dev.crossfade.model.Stage;
import dev.crossfade.reconcile.Drain;
import dev.crossfade.reconcile.MirrorOutageException;
import dev.crossfade.reconcile.ReconcileListener;
import dev.crossfade.reconcile.Reconciler;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Users;
import dev.crossfade.testing.Users.DualWriteUsers;
import dev.crossfade.testing.World;
import dev.crossfade.verify.Verification;
import dev.crossfade.verify.VerificationListener;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Three service processes under load, while an operator moves through all stages in both directions. One of the
 * processes is killed, or paused for so long that the fleet counts it as gone: the others notice nothing, and nothing
 * is lost.
 */
@Isolated("a service that waits for a processor is taken for one that stands still")
class FleetTortureIT {

    private static final int PROCESSES = 3;
    private static final int STEPS = Integer.getInteger("crossfade.torture.steps", 10);
    private static final long SEED = Long.getLong("crossfade.test.seed", System.nanoTime());
    private static final Duration FLIP_DEADLINE = Duration.ofSeconds(5);

    private final Random random = new Random(SEED);

    /** Whether the mirror was off, so that differences are expected until they are repaired. */
    private boolean unproven = true;

    @ParameterizedTest
    @EnumSource
    void nothingIsLostAndNobodyNotices(Topology topology) throws Exception {
        try (World world = new World(topology)) {
            TortureService.generateKeys(world);
            Crossfade control = world.start();
            new DualWriteUsers(control.routing());
            List<TortureProcess> all = new ArrayList<>();
            List<TortureProcess> running = new ArrayList<>();
            for (int i = 0; i < PROCESSES; i++) {
                running.add(start(world, all));
            }
            try {
                walk(world, all, running);
            } finally {
                for (TortureProcess process : all) {
                    process.end();
                }
            }
            check(world, control, all);
        }
    }

    private void walk(World world, List<TortureProcess> all, List<TortureProcess> running) throws Exception {
        StageChanger changer = changer(world);
        Drain worker = drain(world);
        boolean forward = true;
        for (int step = 0; step < STEPS; step++) {
            Stage stage = changer.standing("user").stage();
            forward = stage.previous().isEmpty()
                    || (stage.next().isPresent() && (forward ? random.nextInt(4) > 0 : random.nextInt(3) == 0));
            Stage next = (forward ? stage.next() : stage.previous()).orElseThrow();
            if (step % 4 == 1) {
                torment(world, all, running);
            }
            move(world, changer, worker, next);
            worker.intents(Users.MAPPING, Duration.ofSeconds(1));
            TimeUnit.MILLISECONDS.sleep(random.nextInt(300));
        }
        while (!changer.standing("user").stage().mirrors()) {
            Stage stage = changer.standing("user").stage();
            move(world, changer, worker, (stage == Stage.LEGACY_ONLY ? stage.next() : stage.previous()).orElseThrow());
        }
        prove(world);
    }

    private void torment(World world, List<TortureProcess> all, List<TortureProcess> running) throws Exception {
        int victim = random.nextInt(running.size());
        if (random.nextBoolean()) {
            running.remove(victim).kill();
            running.add(start(world, all));
        } else {
            TortureProcess process = running.get(victim);
            Thread stop = new Thread(() -> {
                try {
                    process.standStill(TortureService.LIVENESS.toMillis() * 2 + random.nextInt(1500));
                } catch (IOException | InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            stop.start();
            if (random.nextBoolean()) {
                stop.join();
            }
        }
    }

    /** Moves as an operator does: does what closed gates require, and retries. */
    private void move(World world, StageChanger changer, Drain worker, Stage next) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
        while (true) {
            try {
                changer.change(new Request(List.of("user"), next, new Author("torture", null), false));
                unproven |= !next.mirrors();
                return;
            } catch (RefusedException e) {
                if (System.nanoTime() > end) {
                    throw e;
                }
                remedy(world, worker, e.getMessage());
            }
        }
    }

    private void remedy(World world, Drain worker, String closed) throws InterruptedException {
        if (closed.contains("crossfade backfill")) {
            new Backfill(world.databases(), Users.MAPPING, Backfill.Settings.DEFAULTS, BackfillListener.NONE).run();
        } else if (closed.contains("crossfade verify")) {
            prove(world);
        }
        try {
            worker.intents(Users.MAPPING, Duration.ofMillis(500));
            worker.missedWrites(Users.MAPPING);
        } catch (MirrorOutageException e) {
            // A lock of a paused process; retried.
            TimeUnit.MILLISECONDS.sleep(100);
        }
        TimeUnit.MILLISECONDS.sleep(20);
    }

    /** Once the sides were equal, only a lost write can make them differ, so nothing may be left to repair. */
    private void prove(World world) {
        Verification.Report report =
                new Verification(world.databases(), Users.MAPPING, VerificationListener.NONE).run(unproven);
        assertThat(report.differences()).as("seed %d", SEED).isEmpty();
        unproven = false;
    }

    private void check(World world, Crossfade control, List<TortureProcess> all) {
        world.drain();
        assertThat(world.differences()).as("seed %d", SEED).isEmpty();
        DualWriteUsers users = new DualWriteUsers(control.routing());
        List<Long> generated = new ArrayList<>();
        for (TortureProcess process : all) {
            process.acknowledged()
                    .forEach((key, version) -> assertThat(users.find(key))
                            .as("seed %d: %d was acknowledged at %d", SEED, key, version)
                            .isIn(TortureService.version(key, version), TortureService.version(key, version + 1)));
            generated.addAll(process.generated());
            assertThat(process.staleReads()).as("seed %d: stale reads", SEED).isEmpty();
            if (!process.wasStopped()) {
                assertThat(process.failures()).as("seed %d: failures", SEED).isEmpty();
            }
        }
        assertThat(generated).as("seed %d: generated keys", SEED).doesNotHaveDuplicates();
        assertThat(generated).allSatisfy(key -> assertThat(users.find(key)).isPresent());
    }

    private static TortureProcess start(World world, List<TortureProcess> all) throws IOException {
        TortureProcess process = new TortureProcess(world, 1000L * (all.size() + 1));
        all.add(process);
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> !process.acknowledged().isEmpty()
                        && !process.generated().isEmpty());
        return process;
    }

    private static Drain drain(World world) {
        return new Drain(world.databases(), new Reconciler(world.databases(), ReconcileListener.NONE));
    }

    private static StageChanger changer(World world) {
        return new StageChanger(
                world.databases(),
                Gates.all(
                        world.databases(),
                        GateSettings.DEFAULTS.withShadow(new GateSettings.Shadow(0, 100, Duration.ofHours(1))),
                        () -> List.of(Users.MAPPING)),
                new AuthorityFlip(world.databases(), drain(world), entity -> Optional.of(Users.MAPPING), FLIP_DEADLINE),
                GateListener.NONE);
    }
}
