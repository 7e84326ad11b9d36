package dev.crossfade;

import dev.crossfade.testing.HouseLimits;

/** The list of this module's public types, and its limits. */
class CoreLimitsTest extends HouseLimits {

    CoreLimitsTest() {
        super("public-types-core.txt", "dev.crossfade");
    }
}
