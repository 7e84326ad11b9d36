package dev.crossfade.spring;

import dev.crossfade.testing.HouseLimits;

/** The list of this module's public types, and its limits. */
class StarterLimitsTest extends HouseLimits {

    StarterLimitsTest() {
        super("public-types-starter.txt", "dev.crossfade.spring");
    }
}
