package dev.crossfade.control;

import dev.crossfade.model.Stage;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The flags by which people move an entity; each is on in its stage and all later ones. */
public enum StageFlag {
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
    public record EntityFlag(String entity, StageFlag flag) {

        /** Reads a feature's name, empty when it is not one of Crossfade's flags. */
        public static Optional<EntityFlag> parse(String featureName) {
            return Arrays.stream(values())
                    .filter(flag -> featureName.endsWith("." + flag.suffix))
                    .findFirst()
                    .map(flag -> new EntityFlag(
                            featureName.substring(0, featureName.length() - flag.suffix.length() - 1), flag));
        }
    }

    /** Returns the names of an entity's flags in the order of the stages. */
    public static List<String> features(String entity) {
        return Arrays.stream(values()).map(flag -> flag.feature(entity)).toList();
    }

    /** Returns the stage that a combination of flags means, empty if it means none. */
    public static Optional<Stage> stageOf(String entity, Set<String> featuresOn) {
        Stage stage = Stage.LEGACY_ONLY;
        boolean gap = false;
        for (StageFlag flag : values()) {
            boolean on = featuresOn.contains(flag.feature(entity));
            if (on && gap) {
                return Optional.empty();
            }
            gap |= !on;
            stage = on ? flag.stage : stage;
        }
        return Optional.of(stage);
    }

    /** Returns the stage that setting this flag asks for. */
    public Stage target(boolean on) {
        return on ? stage : stage.previous().orElseThrow();
    }

    /** Tells whether this flag is on in a stage. */
    public boolean isOnIn(Stage of) {
        return of.compareTo(stage) >= 0;
    }

    /** Returns the name of an entity's flag. */
    public String feature(String entity) {
        return entity + "." + suffix;
    }
}
