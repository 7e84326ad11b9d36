package dev.crossfade.sample.storage;

import dev.crossfade.Crossfade;
import dev.crossfade.sample.db.repository.DualWriteOrderRepository;
import dev.crossfade.sample.db.repository.DualWriteUserRepository;

/**
 * The service's repositories.
 *
 * @param crossfade for transactions over both repositories
 * @param users the users
 * @param orders the orders, each of which refers to a user
 */
public record Repositories(Crossfade crossfade, DualWriteUserRepository users, DualWriteOrderRepository orders) {

    /** Creates the repositories; registers both entities. */
    public static Repositories of(Crossfade crossfade) {
        return new Repositories(
                crossfade, new DualWriteUserRepository(crossfade), new DualWriteOrderRepository(crossfade));
    }
}
