package dev.crossfade.flags;

import dev.crossfade.control.Databases;
import dev.crossfade.flags.StageFlag.EntityFlag;
import dev.crossfade.flags.StageLog.Author;
import dev.crossfade.model.RefusedException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.togglz.core.Feature;
import org.togglz.core.repository.FeatureState;
import org.togglz.core.repository.StateRepository;

/**
 * The Togglz repository through which flags are moved, whoever moves them. Setting one of Crossfade's flags is a stage
 * change with all its gates; other features are stored as they are.
 */
public final class GuardedStateRepository implements StateRepository {

    private final StateRepository store;
    private final StageChanger changer;
    private final Supplier<String> user;

    /**
     * Makes a guarded repository.
     *
     * @param user the name of whoever moves a flag
     */
    public GuardedStateRepository(Databases databases, StageChanger changer, Supplier<String> user) {
        this.store = FlagStore.repository(databases.control());
        this.changer = changer;
        this.user = user;
    }

    @Override
    public @Nullable FeatureState getFeatureState(Feature feature) {
        return store.getFeatureState(feature);
    }

    /**
     * Stores a state.
     *
     * @throws RefusedException if the flag would skip a stage or a gate is closed; nothing was changed
     */
    @Override
    public void setFeatureState(FeatureState state) {
        Optional<EntityFlag> parsed = EntityFlag.parse(state.getFeature().name());
        if (parsed.isEmpty()) {
            store.setFeatureState(state);
            return;
        }
        EntityFlag flag = parsed.get();
        String ramp = state.getParameter(FlagStore.RAMP);
        if (ramp != null) {
            FlagStore.rampPerMille(ramp);
        }
        boolean on = flag.flag().isOnIn(changer.standing(flag.entity()).stage());
        if (on != state.isEnabled()) {
            changer.change(new StageChanger.Request(
                    List.of(flag.entity()),
                    flag.flag().target(state.isEnabled()),
                    new Author(user.get(), "flag " + state.getFeature().name()),
                    false));
        }
        if (!state.getParameterNames().isEmpty()) {
            store.setFeatureState(state);
        }
    }
}
