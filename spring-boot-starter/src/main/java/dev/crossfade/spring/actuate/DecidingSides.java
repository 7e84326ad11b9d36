package dev.crossfade.spring.actuate;

import dev.crossfade.Crossfade;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.Side;
import java.util.EnumSet;
import java.util.Set;

/** The sides that decide for the entities of this instance: without their databases it cannot serve. */
final class DecidingSides {

    private DecidingSides() {}

    /**
     * Returns them, from memory; where nothing is served yet, the legacy side, whose database is the control database.
     */
    static Set<Side> of(Crossfade crossfade) {
        Set<Side> deciding = EnumSet.noneOf(Side.class);
        for (TableMapping mapping : crossfade.mappings()) {
            deciding.add(crossfade.stage(mapping.entity()).authority());
        }
        return deciding.isEmpty() ? EnumSet.of(Side.LEGACY) : deciding;
    }
}
