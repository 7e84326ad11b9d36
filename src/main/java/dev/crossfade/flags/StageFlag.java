package dev.crossfade.flags;

import dev.crossfade.model.Stage;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.togglz.core.util.NamedFeature;

/** The flags by which people move an entity; each is on in its stage and all later ones. */
enum StageFlag {
    DUAL_WRITE("dual-write", Stage.DUAL_WRITE),
    SHADOW_READ("shadow-read", Stage.SHADOW_READ),
    MODERN_READ("modern-read", Stage.MODERN_READ),
    MODERN_PRIMARY("modern-primary", Stage.MODERN_PRIMARY),
    LEGACY_OFF("legacy-off", Stage.MODERN_ONLY);

    private final String suffix;
    private final Stage stage;

    StageFlag(String suffix, Stage stage) {
        this.suffix = suffix;
        this.stage = stage;
    }

    /** An entity's flag. */
    record EntityFlag(String entity, StageFlag flag) {

        /** Reads a feature's name, empty when it is not one of Crossfade's flags. */
        static Optional<EntityFlag> parse(String featureName) {
            return Arrays.stream(values())
                    .filter(flag -> featureName.endsWith("." + flag.suffix))
                    .findFirst()
                    .map(flag -> new EntityFlag(
                            featureName.substring(0, featureName.length() - flag.suffix.length() - 1), flag));
        }
    }

    /** Returns an entity's flags in the order of the stages. */
    static List<NamedFeature> features(String entity) {
        return Arrays.stream(values()).map(flag -> flag.feature(entity)).toList();
    }

    /** Returns the stage that a combination of flags means, empty if it means none. */
    static Optional<Stage> stageOf(String entity, Set<String> featuresOn) {
        Stage stage = Stage.LEGACY_ONLY;
        boolean gap = false;
        for (StageFlag flag : values()) {
            boolean on = featuresOn.contains(flag.feature(entity).name());
            if (on && gap) {
                return Optional.empty();
            }
            gap |= !on;
            stage = on ? flag.stage : stage;
        }
        return Optional.of(stage);
    }

    /** Returns the stage that setting this flag asks for. */
    Stage target(boolean on) {
        return on ? stage : stage.previous().orElseThrow();
    }

    /** Tells whether this flag is on in a stage. */
    boolean isOnIn(Stage of) {
        return of.compareTo(stage) >= 0;
    }

    /** Returns the Togglz feature of an entity's flag. */
    NamedFeature feature(String entity) {
        return new NamedFeature(entity + "." + suffix);
    }
}
