package dev.crossfade.operate.report;

import java.util.List;

/**
 * What was set.
 *
 * @param percent share of the keys, or tenants, that are read from the modern side
 * @param by what the ramp goes by
 * @param tenants tenants that are always in
 * @param inForce whether the entity stands where the ramp counts
 */
public record RampReport(
        String entity, String percent, String by, List<String> tenants, String stage, boolean inForce) {}
