package dev.crossfade.testing;

import dev.crossfade.Crossfade;
import dev.crossfade.control.Databases;
import dev.crossfade.testing.Users.DualWriteUsers;
import dev.crossfade.testing.Users.User;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A service in a process of its own, to be killed. Each of its threads writes one key repeatedly and prints each
 * acknowledged write to standard output: {@code <key> <version>}.
 */
public final class CrashingService {

    /** Every version whose number this divides is a deletion. */
    public static final int DELETION = 5;

    private static final int THREADS = 4;

    private CrashingService() {}

    /** Starts such a process on the databases of a world; the first key is {@code firstKey}. */
    public static Process start(World world, long firstKey) throws IOException {
        return ServiceProcess.start(CrashingService.class, world, firstKey);
    }

    /** Runs until it is killed. */
    public static void main(String[] arguments) {
        long firstKey = ServiceProcess.firstKey(arguments);
        Databases databases = ServiceProcess.databases(arguments);
        Crossfade crossfade = Crossfade.builder()
                .legacy(databases.legacy())
                .modern(databases.modern())
                .build();
        DualWriteUsers users = new DualWriteUsers(crossfade.routing());
        PrintStream acknowledgements = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        for (int i = 0; i < THREADS; i++) {
            long key = firstKey + i;
            new Thread(() -> write(crossfade, users, key, acknowledgements)).start();
        }
    }

    /** Returns what is written as some version of a key. */
    public static User version(long key, int version) {
        return new User(key, "u" + key + "." + version + "@example.org", "Version " + version);
    }

    private static void write(Crossfade crossfade, DualWriteUsers users, long key, PrintStream acknowledgements) {
        for (int version = 1; ; version++) {
            User user = version(key, version);
            switch (version % DELETION) {
                case 0 -> users.delete(key);
                case 1 ->
                    crossfade.transaction(tx -> {
                        users.in(tx).delete(key);
                        users.in(tx).save(user);
                        return null;
                    });
                case 2 -> users.saveAll(List.of(user));
                default -> users.save(user);
            }
            // One call, so that the lines of two threads do not mix.
            acknowledgements.print(key + " " + version + "\n");
            acknowledgements.flush();
        }
    }
}
