package dev.crossfade.capture;

import dev.crossfade.model.Side;
import dev.crossfade.testing.World;
import java.util.ArrayList;
import java.util.List;

/**
 * A request to sweep an entity.
 *
 * @param database the side whose database contains it
 */
record SweepRequest(Side database, String entity, String reason) {

    /** Returns every request, the oldest of each database first. */
    static List<SweepRequest> all(World world) {
        List<SweepRequest> all = new ArrayList<>(of(world, Side.LEGACY));
        if (!world.databases().areShared()) {
            all.addAll(of(world, Side.MODERN));
        }
        return all;
    }

    private static List<SweepRequest> of(World world, Side database) {
        return world.of(database)
                .dsl()
                .fetch("select entity, reason from crossfade.sweep_request order by id")
                .map(row -> new SweepRequest(database, row.get(0, String.class), row.get(1, String.class)));
    }
}
