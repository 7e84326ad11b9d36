package dev.crossfade.backfill;

import dev.crossfade.backfill.Backfill.Result;
import dev.crossfade.backfill.Backfill.Settings;
import dev.crossfade.model.Stage;
import dev.crossfade.testing.Users;
import dev.crossfade.testing.World;

/** Backfills of the users of a world. */
final class Backfills {

    static final Settings SMALL_BATCHES = new Settings(50, 0);

    private Backfills() {}

    /** Inserts legacy rows past the service. */
    static void insert(World world, int from, int to) {
        world.legacy().execute("""
                insert into legacy.users (id, email, first_name, last_name)
                select id, ' U' || id || '@Example.org', 'First' || id, case when id %% 2 = 0 then 'Last' || id end
                from generate_series(%d, %d) as id
                """.formatted(from, to));
    }

    /** Moves the users to dual-write as if their services had followed. */
    static void dualWrite(World world) {
        Orders.moveTo(world.databases(), Users.MAPPING, Stage.DUAL_WRITE);
    }

    /** Backfills the users. */
    static Result run(World world, Settings settings) {
        return new Backfill(world.databases(), Users.MAPPING, settings, BackfillListener.NONE).run();
    }
}
