package dev.crossfade;

import dev.crossfade.testing.HouseLimits;

/** The list of this module's public types, and its limits. */
class OpsLimitsTest extends HouseLimits {

    OpsLimitsTest() {
        super("public-types-ops.txt", "dev.crossfade");
    }
}
