package dev.crossfade.model;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How far one entity has moved from the legacy to the modern side. The order of the constants is the order in which
 * an entity passes through them; it moves one step at a time, in either direction.
 */
public enum Stage {
    /** Legacy answers and decides; the modern side is not touched. */
    LEGACY_ONLY,
    /** Legacy answers and decides; every write is mirrored to the modern side. */
    DUAL_WRITE,
    /** As {@link #DUAL_WRITE}; a sample of the reads is compared with the modern side, off the caller's path. */
    SHADOW_READ,
    /** Legacy decides; the modern side answers the ramped part of the reads. */
    MODERN_READ,
    /** The modern side answers and decides; every write is mirrored back to the legacy side. */
    MODERN_PRIMARY,
    /** The modern side answers and decides; the legacy side is no longer touched. */
    MODERN_ONLY;

    /** Returns the side whose row decides in this stage. */
    public Side authority() {
        return this.compareTo(MODERN_PRIMARY) >= 0 ? Side.MODERN : Side.LEGACY;
    }

    /** Tells whether writes are mirrored to the other side. */
    public boolean mirrors() {
        return this != LEGACY_ONLY && this != MODERN_ONLY;
    }

    /**
     * Tells whether writers of this stage must hold the entity's authority lock and prove their epoch: the stages
     * around the flip of authority.
     */
    public boolean fenced() {
        return this.compareTo(MODERN_READ) >= 0;
    }

    /** Tells whether {@code other} is one step away, in either direction. */
    public boolean isNeighbourOf(Stage other) {
        return Math.abs(ordinal() - other.ordinal()) == 1;
    }

    /** Returns the next stage on the way forward, empty at the end. */
    public Optional<Stage> next() {
        return at(ordinal() + 1);
    }

    /** Returns the stage one step back, empty at the start. */
    public Optional<Stage> previous() {
        return at(ordinal() - 1);
    }

    /** Returns the word used on the command line and in metrics, for example {@code modern-read}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Returns the stage with the given label or constant name, ignoring case.
     *
     * @throws InvalidInputException if there is no such stage; the message lists those there are
     */
    public static Stage parse(String text) {
        String label = text.strip().toLowerCase(Locale.ROOT).replace('_', '-');
        return Arrays.stream(values())
                .filter(stage -> stage.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new InvalidInputException(
                        "There is no stage '%s'. The stages are: %s.".formatted(text, labels())));
    }

    private static String labels() {
        return Arrays.stream(values()).map(Stage::label).collect(Collectors.joining(", "));
    }

    private static Optional<Stage> at(int ordinal) {
        List<Stage> stages = List.of(values());
        return ordinal < 0 || ordinal >= stages.size() ? Optional.empty() : Optional.of(stages.get(ordinal));
    }
}
