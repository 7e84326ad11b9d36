package dev.crossfade.reconcile;

import dev.crossfade.control.ControlSchema;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import dev.crossfade.queue.MissedWrites;
import dev.crossfade.queue.MissedWrites.MissedWrite;
import dev.crossfade.queue.RetrySettings;
import dev.crossfade.testing.Notes;
import dev.crossfade.testing.World;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Noted keys of an entity that no service runs, and their drain. */
final class Batches {

    private Batches() {}

    static void install(World world, String entity, Side authority) {
        ControlSchema.install(world.databases());
        world.legacy()
                .dsl()
                .execute(
                        "insert into crossfade.authority (entity, epoch, stage) values (?, 1, ?)",
                        entity,
                        authority == Side.LEGACY ? "DUAL_WRITE" : "MODERN_PRIMARY");
    }

    static void users(World world, int count) {
        world.legacy()
                .dsl()
                .execute(
                        "insert into legacy.users (id, email, first_name, last_name) select n, n || '@example.org', 'F', 'L' from generate_series(1, cast(? as int)) as n",
                        count);
    }

    static List<RecordKey> numbers(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(n -> RecordKey.of("" + n))
                .toList();
    }

    static void note(World world, Side authority, String entity, Collection<RecordKey> keys) {
        Notes.append(world.of(authority).dsl(), entity, keys);
    }

    static Drain.Round drain(World world, TableMapping mapping) {
        return drain(world, mapping, Reconciler.USUAL_PATIENCE);
    }

    static Drain.Round drain(World world, TableMapping mapping, Duration patience) {
        Reconciler reconciler =
                new Reconciler(world.databases(), ReconcileListener.NONE, patience, RetrySettings.DEFAULTS);
        return new Drain(world.databases(), reconciler).intents(mapping, Duration.ZERO);
    }

    static List<MissedWrite> missed(World world) {
        return new MissedWrites(world.legacy().dsl()).list(Optional.empty(), 100);
    }

    static List<Integer> missedNumbers(World world) {
        return missed(world).stream()
                .map(one -> Integer.valueOf(one.key().values().getLast()))
                .toList();
    }
}
