package dev.crossfade.benchmarks.harness;

import java.util.List;

/**
 * Variants that take turns.
 *
 * @param subject what is compared, in words joined by slashes; the names of its rows begin with it
 * @param callers how many threads call at once, each as soon as it is answered
 * @param variants the variants; the first one is the reference of the others
 */
public record Contest(String subject, int callers, List<Variant> variants) {

    /** Copies the variants; refuses a contest without callers or variants, or with duplicate names. */
    public Contest {
        variants = List.copyOf(variants);
        if (callers < 1 || variants.isEmpty()) {
            throw new IllegalArgumentException(
                    "The contest " + subject + " needs at least one caller and one variant.");
        }
        if (variants.stream().map(Variant::name).distinct().count() < variants.size()) {
            throw new IllegalArgumentException("Two variants of the contest " + subject + " have the same name.");
        }
    }

    /** Returns the name of the reference variant. */
    public String reference() {
        return variants.getFirst().name();
    }
}
