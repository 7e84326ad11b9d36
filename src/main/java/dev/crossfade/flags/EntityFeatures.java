package dev.crossfade.flags;

import dev.crossfade.control.StageFlag;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Supplier;
import org.togglz.core.Feature;
import org.togglz.core.metadata.EmptyFeatureMetaData;
import org.togglz.core.metadata.FeatureMetaData;
import org.togglz.core.spi.FeatureProvider;
import org.togglz.core.util.NamedFeature;

/** Lists the flags for Togglz and its console: five for each entity. */
public final class EntityFeatures implements FeatureProvider {

    private final Supplier<? extends Iterable<String>> entities;

    /** Creates a provider of the flags of entities, which are looked up at each call. */
    public EntityFeatures(Supplier<? extends Iterable<String>> entities) {
        this.entities = entities;
    }

    @Override
    public Set<Feature> getFeatures() {
        Set<Feature> features = new LinkedHashSet<>();
        entities.get()
                .forEach(entity -> StageFlag.features(entity).forEach(name -> features.add(new NamedFeature(name))));
        return features;
    }

    @Override
    public FeatureMetaData getMetaData(Feature feature) {
        return new EmptyFeatureMetaData(feature);
    }
}
