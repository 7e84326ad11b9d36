package dev.crossfade.verify;

import dev.crossfade.Crossfade;
import dev.crossfade.backfill.Backfill;
import dev.crossfade.backfill.BackfillListener;
import dev.crossfade.control.AuthorityTable;
import dev.crossfade.flags.AuthorityFlip;
import dev.crossfade.flags.GateListener;
import dev.crossfade.flags.StageChanger;
import dev.crossfade.flags.StageChanger.Request;
import dev.crossfade.flags.StageLog.Author;
import dev.crossfade.model.CrossfadeException;
import dev.crossfade.model.RefusedException;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.reconcile.Drain;
import dev.crossfade.reconcile.ReconcileListener;
import dev.crossfade.reconcile.Reconciler;
import dev.crossfade.testing.Loop;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Users;
import dev.crossfade.testing.Users.DualWriteUsers;
import dev.crossfade.testing.Users.User;
import dev.crossfade.testing.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;

/**
 * Writers of hot keys, an operator who flips the authority, others who verify, repair and sweep, and somebody who
 * damages the mirror past the service. A damaged key may lose its value to whoever damaged it, until it is written
 * again. Otherwise it always has the value that was acknowledged last.
 */
final class RepairUnderFlips implements AutoCloseable {

    private static final int KEYS = 12;
    private static final int WRITERS = 3;
    private static final String DAMAGED = "damaged";

    private final World world;
    private final List<Crossfade> services = new ArrayList<>();
    private final List<DualWriteUsers> users = new ArrayList<>();
    private final List<Key> keys = new ArrayList<>();
    private final ConcurrentLinkedQueue<String> lost = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final AtomicLong writes = new AtomicLong();
    private final AtomicLong flips = new AtomicLong();
    private final AtomicLong damaged = new AtomicLong();
    private final AtomicLong repaired = new AtomicLong();

    RepairUnderFlips(Topology topology) {
        this.world = new World(topology);
        for (int i = 0; i < 2; i++) {
            Crossfade service = world.start();
            services.add(service);
            users.add(new DualWriteUsers(service.routing()));
        }
        for (long id = 1; id <= KEYS; id++) {
            keys.add(new Key(id));
        }
        world.moveTo(services.getFirst(), Stage.DUAL_WRITE);
        new Backfill(world.databases(), Users.MAPPING, Backfill.Settings.DEFAULTS, BackfillListener.NONE).run();
        world.moveTo(services.getFirst(), Stage.MODERN_READ);
    }

    /** The result of a run. */
    record Outcome(
            long writes,
            long flips,
            long damaged,
            long repaired,
            List<String> lost,
            List<String> differences,
            List<Throwable> failures) {}

    /** A key that one writer owns. */
    private static final class Key {

        private final long id;
        private long version;
        /** Whether somebody has damaged the mirror's row since the key was written. */
        private boolean damaged;

        Key(long id) {
            this.id = id;
        }
    }

    Outcome run(Duration length) {
        List<Loop> loops = new ArrayList<>();
        for (int writer = 0; writer < WRITERS; writer++) {
            int number = writer;
            DualWriteUsers through = users.get(number % users.size());
            loops.add(Loop.of(() -> write(through, number)));
        }
        loops.add(Loop.of(this::damage));
        loops.add(Loop.of(this::verify));
        loops.add(Loop.of(this::sweep));
        loops.add(Loop.of(this::flip));
        Awaitility.await().atMost(length.plusMinutes(1)).pollDelay(length).until(() -> true);
        loops.forEach(Loop::close);
        loops.forEach(loop -> failures.addAll(loop.failures()));
        world.drain();
        new Verification(world.databases(), Users.MAPPING, VerificationListener.NONE).run(true);
        world.drain();
        keys.forEach(key -> look(users.getFirst(), key));
        return new Outcome(
                writes.get(),
                flips.get(),
                damaged.get(),
                repaired.get(),
                List.copyOf(lost),
                world.differences(),
                List.copyOf(failures));
    }

    private void write(DualWriteUsers through, int writer) {
        Key key = keys.get(writer + WRITERS * ThreadLocalRandom.current().nextInt(KEYS / WRITERS));
        synchronized (key) {
            look(through, key);
            key.version++;
            through.save(new User(key.id, key.id + "@x.org", "v" + key.version));
            key.damaged = false;
        }
        writes.incrementAndGet();
    }

    private void look(DualWriteUsers through, Key key) {
        synchronized (key) {
            Optional<String> name = through.find(key.id).map(User::name);
            boolean acknowledged = name.equals(Optional.of("v" + key.version));
            boolean damagedSince = key.damaged && name.stream().allMatch(DAMAGED::equals);
            if (key.version > 0 && !acknowledged && !damagedSince) {
                lost.add("%d is %s, acknowledged was v%d (damaged: %s)"
                        .formatted(key.id, name, key.version, key.damaged));
            }
        }
    }

    /** Writes one row of the mirror side, past the service. That side may be authoritative by then. */
    private void damage() {
        Key key = keys.get(ThreadLocalRandom.current().nextInt(KEYS));
        synchronized (key) {
            key.damaged = true;
            boolean modern = authority() == Side.LEGACY;
            boolean delete = ThreadLocalRandom.current().nextInt(4) == 0;
            String id = Long.toString(key.id);
            if (modern) {
                world.modern()
                        .execute((delete
                                        ? "delete from modern.accounts"
                                        : "update modern.accounts set full_name = 'damaged'")
                                + " where account_id = " + id);
            } else {
                world.legacy()
                        .execute(
                                (delete ? "delete from legacy.users" : "update legacy.users set first_name = 'damaged'")
                                        + " where id = " + id);
            }
        }
        damaged.incrementAndGet();
        rest(10);
    }

    private Side authority() {
        return AuthorityTable.find(world.databases().controlDsl(), "user")
                .orElseThrow()
                .stage()
                .authority();
    }

    private void verify() {
        try {
            repaired.addAndGet(new Verification(world.databases(), Users.MAPPING, VerificationListener.NONE)
                    .run(true)
                    .repaired());
        } catch (CrossfadeException e) {
            expect(e, "moved from stage to stage", "nothing more was written", "stands at", "Run it again");
        }
    }

    private void sweep() {
        // A day's damage is repaired within one minute.
        world.legacy().execute("update crossfade.sweep_cycle set destroyed = 0");
        repaired.addAndGet(new Sweep(
                        world.databases(),
                        Users.MAPPING,
                        new Sweep.Settings(1_000_000, Duration.ZERO),
                        SweepListener.NONE)
                .turn(Duration.ofMinutes(1), () -> false)
                .repaired());
    }

    private void flip() {
        StageChanger changer = new StageChanger(
                world.databases(),
                List.of(),
                new AuthorityFlip(
                        world.databases(),
                        new Drain(world.databases(), new Reconciler(world.databases(), ReconcileListener.NONE)),
                        entity -> Optional.of(Users.MAPPING),
                        Duration.ofSeconds(5)),
                GateListener.NONE);
        Stage to = changer.standing("user").stage() == Stage.MODERN_READ ? Stage.MODERN_PRIMARY : Stage.MODERN_READ;
        try {
            changer.change(new Request(List.of("user"), to, new Author("test", "back and forth"), true));
            flips.incrementAndGet();
        } catch (RefusedException e) {
            expect(e, "could not move");
        }
        rest(ThreadLocalRandom.current().nextInt(1, 40));
    }

    private void expect(RuntimeException failure, String... texts) {
        if (List.of(texts).stream().noneMatch(String.valueOf(failure.getMessage())::contains)) {
            failures.add(failure);
        }
    }

    private static void rest(int millis) {
        Awaitility.await()
                .pollDelay(Duration.ofMillis(millis))
                .pollInterval(Duration.ofMillis(1))
                .until(() -> true);
    }

    @Override
    public void close() {
        world.close();
    }
}
