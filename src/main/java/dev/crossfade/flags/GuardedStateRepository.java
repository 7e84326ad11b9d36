package dev.crossfade.flags;

import dev.crossfade.control.Databases;
import dev.crossfade.control.StageFlag;
import dev.crossfade.control.StageFlag.EntityFlag;
import dev.crossfade.flags.StageLog.Author;
import dev.crossfade.model.InvalidInputException;
import dev.crossfade.model.RefusedException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.togglz.core.Feature;
import org.togglz.core.repository.FeatureState;
import org.togglz.core.repository.StateRepository;

/**
 * The Togglz repository through which everybody moves flags. Setting one of Crossfade's flags is a stage change with
 * all its gates; other features are stored as they are.
 */
public final class GuardedStateRepository implements StateRepository {

    private final StateRepository store;
    private final Databases databases;
    private final StageChanger changer;
    private final Supplier<String> user;
    private final RampNames rampNames;

    /** Returns the values, other than the key, by which an entity's reads can be ramped. */
    @FunctionalInterface
    public interface RampNames {

        /** Returns the names, empty if the entity's key is not known here. */
        Optional<Set<String>> of(String entity);
    }

    /**
     * Creates a guarded repository.
     *
     * @param user the name of whoever moves a flag
     * @param rampNames the values by which entities can be ramped
     */
    public GuardedStateRepository(
            Databases databases, StageChanger changer, Supplier<String> user, RampNames rampNames) {
        this.store = FlagStore.repository(databases.control());
        this.databases = databases;
        this.changer = changer;
        this.user = user;
        this.rampNames = rampNames;
    }

    @Override
    public @Nullable FeatureState getFeatureState(Feature feature) {
        FeatureState state = store.getFeatureState(feature);
        boolean unnamedRamp = state != null
                && state.getStrategyId() == null
                && state.getParameter(Ramp.SHARE_PARAMETER) != null
                && EntityFlag.parse(feature.name()).isPresent();
        return unnamedRamp ? state.copy().setStrategyId(RampStrategy.ID) : state;
    }

    /**
     * Stores a state. A ramp that comes with the flip of its flag is in force from the flip on; a flip without a ramp
     * keeps the one that is set; a state without a ramp that flips nothing removes the ramp, so that every read is in
     * it.
     *
     * @throws RefusedException if the flag would skip a stage or a gate is closed; nothing was changed
     * @throws InvalidInputException if the flag's strategy or a parameter of its ramp is invalid; nothing was changed
     */
    @Override
    public void setFeatureState(FeatureState state) {
        Optional<EntityFlag> flag = EntityFlag.parse(state.getFeature().name());
        if (flag.isEmpty()) {
            store.setFeatureState(state);
        } else {
            set(flag.get(), withCheckedStrategy(flag.get(), state.copy()));
        }
    }

    private void set(EntityFlag flag, FeatureState state) {
        boolean on = flag.flag().isOnIn(changer.standing(flag.entity()).stage());
        if (on == state.isEnabled()) {
            FlagStore.putStrategy(databases.controlDsl(), state);
        } else if (state.getStrategyId() == null) {
            // Flipping only the flag must not change the ramp that is set.
            change(flag, state);
        } else {
            changeWithRamp(flag, state);
        }
    }

    /** Sets the ramp before the flag is on: otherwise all reads would move for the moment between the two. */
    private void changeWithRamp(EntityFlag flag, FeatureState state) {
        FeatureState before = store.getFeatureState(state.getFeature());
        FlagStore.putStrategy(databases.controlDsl(), state);
        try {
            change(flag, state);
        } catch (RuntimeException e) {
            FlagStore.putStrategy(
                    databases.controlDsl(), before == null ? new FeatureState(state.getFeature()) : before);
            throw e;
        }
    }

    private void change(EntityFlag flag, FeatureState state) {
        changer.change(new StageChanger.Request(
                List.of(flag.entity()),
                flag.flag().target(state.isEnabled()),
                new Author(user.get(), "flag " + state.getFeature().name()),
                false));
    }

    private FeatureState withCheckedStrategy(EntityFlag flag, FeatureState state) {
        Map<String, String> parameters = RampStrategy.parameters(state);
        boolean none = state.getStrategyId() == null || state.getStrategyId().isBlank();
        if (none && parameters.isEmpty()) {
            return state.setStrategyId(null);
        }
        if (flag.flag() != StageFlag.MODERN_READ) {
            throw new InvalidInputException("The flag %s is on or off for every record; only %s takes a strategy."
                    .formatted(state.getFeature().name(), StageFlag.MODERN_READ.feature(flag.entity())));
        }
        if (!none && !RampStrategy.ID.equals(state.getStrategyId())) {
            throw new InvalidInputException("The flag %s takes no strategy '%s'; use '%s', or none for every record."
                    .formatted(state.getFeature().name(), state.getStrategyId(), RampStrategy.ID));
        }
        Ramp ramp = Ramp.of(parameters);
        if (!ramp.by().equals(Ramp.KEY)) {
            rampNames.of(flag.entity()).ifPresent(names -> ramp.requireBy(flag.entity(), names));
        }
        return state.setStrategyId(RampStrategy.ID);
    }
}
