package dev.crossfade.flags;

import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;

/**
 * How one entity is routed.
 *
 * @param stage its stage
 * @param epoch how many stage changes it has been through
 * @param rampPerMille how many of a thousand keys are read from the modern side in {@link Stage#MODERN_READ}
 */
public record EntityStage(Stage stage, long epoch, int rampPerMille) {

    private static final int WHOLE = 1000;

    /** Tells whether the side that answers depends on the key. */
    public boolean isRamping() {
        return stage == Stage.MODERN_READ && rampPerMille > 0 && rampPerMille < WHOLE;
    }

    /** Returns the side that answers a read of one key; the same on every instance. */
    public Side readSide(RecordKey key) {
        if (stage != Stage.MODERN_READ) {
            return stage.authority();
        }
        return rampPerMille >= WHOLE || bucket(key) < rampPerMille ? Side.MODERN : Side.LEGACY;
    }

    /** Returns the side that answers a read of many keys: modern in {@link Stage#MODERN_READ} once every key is. */
    public Side readSide() {
        if (stage != Stage.MODERN_READ) {
            return stage.authority();
        }
        return rampPerMille >= WHOLE ? Side.MODERN : Side.LEGACY;
    }

    /** A bucket from 0 to 999: the key's text hash, spread by the finalizer of MurmurHash3. */
    private static int bucket(RecordKey key) {
        int hash = key.values().hashCode();
        hash ^= hash >>> 16;
        hash *= 0x85ebca6b;
        hash ^= hash >>> 13;
        hash *= 0xc2b2ae35;
        hash ^= hash >>> 16;
        return Integer.remainderUnsigned(hash, WHOLE);
    }
}
