package dev.crossfade.spring.autoconfigure;

import dev.crossfade.Crossfade;

/** A bean of this type changes the settings of Crossfade after the properties have been applied, in bean order. */
@FunctionalInterface
public interface CrossfadeBuilderCustomizer {

    /** Changes settings. Called once, before Crossfade is built. */
    void customize(Crossfade.Builder builder);
}
