package dev.crossfade.write;

import dev.crossfade.control.Databases;
import dev.crossfade.guard.Guards;
import dev.crossfade.lossy.LossyWriteSettings;
import dev.crossfade.lossy.LossyWrites;
import dev.crossfade.queue.PendingKeys;
import java.time.Duration;

/**
 * What the writers of a service's entities share. Public for {@code routing}, which makes one.
 *
 * @param pending the keys whose intents this instance knows of
 * @param guards tell whether a mirror is worth trying
 * @param lossyWrites takes what saves have lost
 */
public record Writing(
        Databases databases, PendingKeys pending, Guards guards, LossyWrites lossyWrites, Options options) {

    /**
     * How writes are done, and who is told of them.
     *
     * @param mirrorBudget the longest that a caller waits for the mirror
     * @param modernWrite false leaves intents instead of writing the modern mirror
     * @param lossyWrites what becomes of saves that the legacy side does not bring back as they were given
     */
    public record Options(
            Duration mirrorBudget, boolean modernWrite, LossyWriteSettings lossyWrites, WriteListener listener) {}
}
