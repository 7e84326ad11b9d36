package dev.crossfade.reconcile;

import dev.crossfade.queue.PendingKeys.Work;
import java.sql.SQLException;
import java.util.List;

/** One topology's way of bringing the mirror of some keys up to date in one go. */
interface Transfer {

    /**
     * Applies those keys that still have an intent, all of them or none.
     *
     * @return the keys that were dealt with; those that are locked elsewhere are left out
     * @throws SQLException if the mirror or the authoritative side refused; nothing was changed
     */
    List<Work> apply(List<Work> work) throws SQLException;
}
