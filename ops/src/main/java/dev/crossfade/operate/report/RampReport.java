package dev.crossfade.operate.report;

import java.util.List;

/**
 * The ramp that was set.
 *
 * @param percent share of the keys, or tenants, that are read from the modern side
 * @param by what the ramp hashes
 * @param tenants tenants that are always included
 * @param inForce whether the entity is at the stage where the ramp counts
 */
public record RampReport(
        String entity, String percent, String by, List<String> tenants, String stage, boolean inForce) {}
