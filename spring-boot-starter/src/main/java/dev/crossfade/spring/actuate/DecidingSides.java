package dev.crossfade.spring.actuate;

import dev.crossfade.Crossfade;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.Side;
import java.util.EnumSet;
import java.util.Set;

/** The authoritative sides of this instance's entities. Without their databases it cannot serve. */
final class DecidingSides {

    private DecidingSides() {}

    /**
     * Returns the sides, from memory. While nothing is served yet it is the legacy side, whose database is the control
     * database.
     */
    static Set<Side> of(Crossfade crossfade) {
        Set<Side> deciding = EnumSet.noneOf(Side.class);
        for (TableMapping mapping : crossfade.mappings()) {
            deciding.add(crossfade.stage(mapping.entity()).authority());
        }
        return deciding.isEmpty() ? EnumSet.of(Side.LEGACY) : deciding;
    }
}
