package dev.crossfade.torture;

import dev.crossfade.Crossfade;
import dev.crossfade.control.Databases;
import dev.crossfade.testing.ServiceProcess;
import dev.crossfade.testing.Users;
import dev.crossfade.testing.Users.DualWriteUsers;
import dev.crossfade.testing.Users.User;
import dev.crossfade.testing.World;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.InsertReturningStep;
import org.jooq.Record;
import org.jooq.impl.DSL;

/**
 * One of several service processes, to be killed and stopped. It says on standard output what happened, a line each:
 * {@code W key version} a write of a key of its own was acknowledged, {@code G key} a record with a generated key was
 * written, {@code F what} something failed, {@code R what} a read missed an earlier write of this process. It ends when its
 * standard input does.
 */
final class TortureService {

    /** Every version whose number this divides is a deletion. */
    static final int DELETION = 5;

    /** Keys that each process has for itself. */
    static final int OWN_KEYS = 8;

    /** Keys that all processes write, below those that are a process's own. */
    static final int SHARED_KEYS = 10;

    /** Where generated keys begin, above all others. */
    static final long FIRST_GENERATED = 1_000_000;

    /** How long a process is taken to live without a heartbeat. */
    static final Duration LIVENESS = Duration.ofSeconds(1);

    private static final int WRITERS = 2;
    private static final long PACE_MILLIS = 3;
    private static final Field<Long> ID = DSL.field(DSL.name("id"), Long.class);
    private static final Field<Long> ACCOUNT_ID = DSL.field(DSL.name("account_id"), Long.class);

    private final Crossfade crossfade;
    private final DualWriteUsers users;
    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    private volatile boolean ending;

    private TortureService(Crossfade crossfade) {
        this.crossfade = crossfade;
        this.users = new DualWriteUsers(crossfade.routing());
    }

    /** Starts a process whose own keys begin at {@code firstKey}. */
    static Process start(World world, long firstKey) throws IOException {
        return ServiceProcess.start(TortureService.class, world, firstKey);
    }

    /** Runs until standard input ends. */
    public static void main(String[] arguments) throws Exception {
        Databases databases = ServiceProcess.databases(arguments);
        try (Crossfade crossfade = Crossfade.builder()
                .legacy(databases.legacy())
                .modern(databases.modern())
                .liveness(LIVENESS)
                .stagePolling(Duration.ofMillis(50))
                .build()) {
            new TortureService(crossfade).run(ServiceProcess.firstKey(arguments));
        }
        System.exit(0);
    }

    private void run(long firstKey) throws Exception {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            long from = firstKey + (long) i * OWN_KEYS / WRITERS;
            threads.add(new Thread(() -> writeOwn(from, OWN_KEYS / WRITERS)));
        }
        threads.add(new Thread(() -> repeat(this::writeShared)));
        threads.add(new Thread(() -> repeat(this::generate)));
        threads.forEach(Thread::start);
        while (System.in.read() >= 0) {
            continue;
        }
        ending = true;
        for (Thread thread : threads) {
            thread.join();
        }
    }

    /** Returns what is written as some version of a key, empty for a deletion. */
    static Optional<User> version(long key, int version) {
        return version % DELETION == 0
                ? Optional.empty()
                : Optional.of(new User(key, "u" + key + "." + version + "@example.org", "Version " + version));
    }

    private void writeOwn(long firstKey, int keys) {
        int[] versions = new int[keys];
        repeat(() -> {
            int index = ThreadLocalRandom.current().nextInt(keys);
            long key = firstKey + index;
            int version = versions[index] + 1;
            write(key, version);
            versions[index] = version;
            say("W " + key + " " + version);
            Optional<User> seen = users.find(key);
            if (!seen.equals(version(key, version))) {
                say("R key " + key + " at version " + version + " in " + crossfade.stage("user") + " was read as "
                        + seen);
            }
        });
    }

    private void write(long key, int version) {
        Optional<User> user = version(key, version);
        if (user.isEmpty()) {
            users.delete(key);
            return;
        }
        switch (version % 4) {
            case 0 -> users.saveAll(List.of(user.get()));
            case 1 ->
                crossfade.transaction(tx -> {
                    users.in(tx).delete(key);
                    users.in(tx).save(user.get());
                    return null;
                });
            case 2 ->
                crossfade.transaction(tx -> {
                    users.in(tx).save(new User(key, user.get().email(), "Not yet"));
                    return Users.rename(users.in(tx), key, user.get().name());
                });
            default -> users.save(user.get());
        }
    }

    private void writeShared() {
        long key = ThreadLocalRandom.current().nextLong(SHARED_KEYS);
        if (ThreadLocalRandom.current().nextInt(4) == 0) {
            users.delete(key);
        } else {
            users.save(
                    new User(key, null, "Shared " + ThreadLocalRandom.current().nextInt(1000)));
        }
    }

    private void generate() {
        users.write(
                        legacy ->
                                insert(legacy, "legacy", "users", "first_name").returning(ID),
                        modern -> insert(modern, "modern", "accounts", "full_name")
                                .returning(ACCOUNT_ID),
                        row -> row.get(0, Long.class))
                .forEach(key -> say("G " + key));
    }

    private static InsertReturningStep<Record> insert(DSLContext dsl, String schema, String table, String column) {
        return dsl.insertInto(DSL.table(DSL.name(schema, table)), DSL.field(DSL.name(column), String.class))
                .values("Generated");
    }

    private void repeat(Runnable work) {
        while (!ending) {
            try {
                work.run();
                TimeUnit.MILLISECONDS.sleep(PACE_MILLIS);
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException | Error e) {
                say("F " + e + " " + (e.getCause() == null ? "" : e.getCause()));
            }
        }
    }

    /** One call, so that the lines of two threads do not mix. */
    private void say(String line) {
        out.print(line.replace('\n', ' ') + "\n");
        out.flush();
    }
}
