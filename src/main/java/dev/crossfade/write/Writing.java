package dev.crossfade.write;

import dev.crossfade.control.Databases;
import dev.crossfade.guard.Guards;
import dev.crossfade.lossy.LossyWriteSettings;
import dev.crossfade.lossy.LossyWrites;
import dev.crossfade.queue.PendingKeys;
import java.time.Duration;

/**
 * What the writers of a service's entities share. Public for {@code routing}, which creates it.
 *
 * @param pending the keys whose intents this instance knows of
 * @param guards decide whether a mirror is worth trying
 * @param lossyWrites takes the values that saves have lost
 */
public record Writing(
        Databases databases, PendingKeys pending, Guards guards, LossyWrites lossyWrites, Options options) {

    /**
     * How writes are done.
     *
     * @param mirrorBudget the longest that a caller waits for the mirror
     * @param modernWrite false leaves intents instead of writing the modern mirror
     * @param lossyWrites how saves whose values come back from the legacy side changed are treated
     */
    public record Options(
            Duration mirrorBudget, boolean modernWrite, LossyWriteSettings lossyWrites, WriteListener listener) {}
}
