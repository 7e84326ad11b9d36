package dev.crossfade.shadow;

import java.time.Duration;

/**
 * Which reads are compared, with which pauses, and how much is kept.
 *
 * @param perMille how many of a thousand reads are compared with the modern side in {@code SHADOW_READ}
 * @param calibrationPerMille how many of a thousand reads are compared with a second read of the legacy side
 * @param waiting how many sampled reads wait at most
 * @param pause the time between two looks at the same read
 * @param retention how long mismatches are kept
 * @param kept how many mismatches of an entity are kept at most
 */
public record Sampling(
        int perMille, int calibrationPerMille, int waiting, Duration pause, Duration retention, int kept) {}
