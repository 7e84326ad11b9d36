package dev.crossfade.cli;

import dev.crossfade.testing.HouseLimits;

/** The list of this module's public types, and its limits. */
class CliLimitsTest extends HouseLimits {

    CliLimitsTest() {
        super("public-types-cli.txt", "dev.crossfade");
    }
}
