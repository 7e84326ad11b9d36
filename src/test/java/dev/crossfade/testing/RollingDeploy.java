package dev.crossfade.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.Crossfade;
import dev.crossfade.model.Stage;
import dev.crossfade.routing.RoutingSettings;
import dev.crossfade.testing.Users.DualWriteUsers;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;
import org.awaitility.Awaitility;

/**
 * Two instances of a service that are exchanged one by one, as in a deployment: the new one serves before the old one
 * ends. Writers continue throughout. Not safe for use by several threads.
 */
public final class RollingDeploy implements AutoCloseable {

    /**
     * An instance that serves the users.
     *
     * @param end ends it
     */
    public record Instance(Crossfade crossfade, DualWriteUsers users, Runnable end) {}

    private record Served(Instance instance, SteadySaves saves) {}

    private static final int INSTANCES = 2;
    private static final int WRITERS = 2;
    private static final int SOME = 20;

    /**
     * The mirror's budget; for how long the server lets a start, which may stand still while it loads its classes, hold
     * what writers wait for; and a busy machine.
     */
    private static final Duration BEARABLE_SAVE =
            RoutingSettings.DEFAULTS.mirrorBudget().plusSeconds(4).plusSeconds(3);

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Supplier<Instance> start;
    private final Deque<Served> running = new ArrayDeque<>();
    private final List<SteadySaves> writers = new ArrayList<>();

    /** Starts two instances, with writers of their own. */
    public RollingDeploy(Supplier<Instance> start) {
        this.start = start;
        for (int i = 0; i < INSTANCES; i++) {
            startOne();
        }
        awaitSaves();
    }

    private void startOne() {
        Instance instance = start.get();
        SteadySaves saves =
                new SteadySaves(instance.users(), SteadySaves.FIRST + (long) WRITERS * writers.size(), WRITERS);
        writers.add(saves);
        running.addLast(new Served(instance, saves));
    }

    /** Waits until the writers of every instance have made progress. */
    public void awaitSaves() {
        running.forEach(served -> served.saves().awaitMore(SOME));
    }

    /** Exchanges both instances. The writers of an instance end before it is closed, as with a load balancer. */
    public void exchange() {
        for (int i = 0; i < INSTANCES; i++) {
            startOne();
            awaitSaves();
            Served old = running.removeFirst();
            old.saves().close();
            old.instance().end().run();
            awaitSaves();
        }
    }

    /** Ends the writers, and asserts that none was blocked and that none of their writes is missing on either side. */
    public void assertNobodyWasHeldUp(World world, Stage stage) throws InterruptedException {
        writers.forEach(SteadySaves::close);
        for (SteadySaves saves : writers) {
            assertThat(saves.failures()).isEmpty();
            assertThat(saves.longest()).as("longest save").isLessThan(BEARABLE_SAVE);
        }
        for (Served served : running) {
            Crossfade crossfade = served.instance().crossfade();
            Awaitility.await()
                    .atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(crossfade.modernTrouble()).isEmpty());
            assertThat(crossfade.awaitLevel(PATIENCE)).isTrue();
            assertThat(crossfade.frozen()).isEmpty();
        }
        if (stage.mirrors()) {
            // The worker applies what the ended instances left. The test's own pool may still have old connections.
            Awaitility.await().atMost(PATIENCE).ignoreExceptions().until(() -> world.intents() >= 0);
            world.drain();
            assertThat(world.differences()).isEmpty();
        }
        DualWriteUsers users = running.getLast().instance().users();
        assertThat(writers).allSatisfy(saves -> assertThat(saves.lost(users)).isEmpty());
    }

    @Override
    public void close() {
        writers.forEach(SteadySaves::close);
        running.forEach(served -> served.instance().end().run());
        running.clear();
    }
}
