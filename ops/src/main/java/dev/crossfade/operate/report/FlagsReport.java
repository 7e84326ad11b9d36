package dev.crossfade.operate.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The flags of all entities. */
public record FlagsReport(List<Flag> flags) {

    /**
     * A flag.
     *
     * @param ramp the share of keys read from the modern side in per cent, null where nothing is set: all of them
     * @param by what the ramp hashes, null for the key
     * @param tenants tenants that are always included, separated by commas; null for none
     */
    public record Flag(
            String flag,
            String entity,
            boolean on,
            @Nullable String ramp,
            @Nullable String by,
            @Nullable String tenants) {}
}
