package dev.crossfade.routing;

import dev.crossfade.model.InvalidInputException;
import dev.crossfade.model.SettingChecks;
import dev.crossfade.shadow.Sampling;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * How reads are compared between the sides: which share, with which pauses, and by which rules. Immutable.
 *
 * <pre>{@code
 * ShadowSettings.builder()
 *         .sample(50)
 *         .ignore("user", "updated_at")
 *         .compare("user", "nickname", String.class, String.CASE_INSENSITIVE_ORDER)
 *         .build()
 * }</pre>
 */
public final class ShadowSettings {

    /** The defaults: 5 % of the reads, no calibration, equality. */
    public static final ShadowSettings DEFAULTS = builder().build();

    private final Sampling sampling;
    private final Map<String, Map<String, BiPredicate<@Nullable Object, @Nullable Object>>> rules;

    private ShadowSettings(Builder from) {
        this.sampling = new Sampling(
                from.perMille, from.calibrationPerMille, from.waiting, from.pause, from.retention, from.kept);
        Map<String, Map<String, BiPredicate<@Nullable Object, @Nullable Object>>> copy = new HashMap<>();
        from.rules.forEach((entity, columns) -> copy.put(entity, Map.copyOf(columns)));
        this.rules = Map.copyOf(copy);
    }

    /** Starts settings. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns how many of a thousand reads are compared with the modern side in {@code SHADOW_READ}. */
    public int perMille() {
        return sampling.perMille();
    }

    /** Returns how many of a thousand reads are compared with a second read of the legacy side. */
    public int calibrationPerMille() {
        return sampling.calibrationPerMille();
    }

    /** Returns the settings of the comparing thread. */
    Sampling sampling() {
        return sampling;
    }

    Map<String, BiPredicate<@Nullable Object, @Nullable Object>> rules(String entity) {
        return rules.getOrDefault(entity, Map.of());
    }

    /** Collects the settings; {@link #build} refuses all invalid ones at once. Not thread-safe. */
    public static final class Builder {

        private static final int MOST = 1000;

        private int perMille = 50;
        private int calibrationPerMille;
        private int waiting = 128;
        private Duration pause = Duration.ofMillis(100);
        private Duration retention = Duration.ofDays(7);
        private int kept = 1000;
        private final Map<String, Map<String, BiPredicate<@Nullable Object, @Nullable Object>>> rules = new HashMap<>();
        private final List<String> findings = new ArrayList<>();

        private Builder() {}

        /**
         * Sets how many of a thousand reads are compared with the modern side in {@code SHADOW_READ}; 50 by default.
         */
        public Builder sample(int ofAThousand) {
            this.perMille = ofAThousand;
            return this;
        }

        /**
         * Sets how many of a thousand reads are compared with a second read of the legacy side, while the legacy side
         * answers all reads; 0 by default. They are tallied separately: their differences are noise from the data or
         * the rules, and the same share is to be expected between the sides.
         */
        public Builder calibrate(int ofAThousand) {
            this.calibrationPerMille = ofAThousand;
            return this;
        }

        /** Sets how many sampled reads may wait to be compared, 128 by default; further ones are dropped. */
        public Builder waiting(int reads) {
            this.waiting = reads;
            return this;
        }

        /** Sets how long to wait before a difference is checked again, 100 ms by default. */
        public Builder recheckAfter(Duration pauseBetweenLooks) {
            this.pause = pauseBetweenLooks;
            return this;
        }

        /**
         * Sets for how long, and how many for each entity, mismatches are kept for the operator: 7 days and 1000 by
         * default.
         */
        public Builder keep(Duration age, int mismatches) {
            this.retention = age;
            this.kept = mismatches;
            return this;
        }

        /** Leaves a column of the modern shape out of the comparison. */
        public Builder ignore(String entity, String column) {
            return rule(entity, column, (legacy, modern) -> true);
        }

        /** Compares values of a column of the modern shape with a comparator; null equals only null. */
        public <T> Builder compare(String entity, String column, Class<T> type, Comparator<? super T> comparator) {
            return rule(
                    entity,
                    column,
                    (legacy, modern) -> (type.isInstance(legacy) && type.isInstance(modern))
                            ? comparator.compare(type.cast(legacy), type.cast(modern)) == 0
                            : Objects.deepEquals(legacy, modern));
        }

        /**
         * Creates the settings.
         *
         * @throws InvalidInputException if any of them is invalid
         */
        public ShadowSettings build() {
            SettingChecks checks = new SettingChecks()
                    .require(
                            perMille >= 0 && calibrationPerMille >= 0 && (long) perMille + calibrationPerMille <= MOST,
                            "sample and calibrate",
                            "%s and %s".formatted(perMille, calibrationPerMille),
                            "from 0 to 1000, also together")
                    .atLeast("waiting", waiting, 1)
                    .within("recheckAfter", pause, Duration.ofMillis(1), Duration.ofSeconds(10))
                    .atLeast("keep, its age,", retention, Duration.ofSeconds(1))
                    .atLeast("keep, its number of mismatches,", kept, 1);
            findings.forEach(checks::add);
            checks.refuse();
            return new ShadowSettings(this);
        }

        private Builder rule(String entity, String column, BiPredicate<@Nullable Object, @Nullable Object> equal) {
            if (rules.computeIfAbsent(entity, name -> new HashMap<>()).put(column, equal) != null) {
                findings.add("There are two rules for the column '%s' of %s; keep one.".formatted(column, entity));
            }
            return this;
        }
    }
}
