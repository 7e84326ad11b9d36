package dev.crossfade.flags;

import dev.crossfade.control.FlagTable;
import dev.crossfade.control.FlagTable.Strategy;
import dev.crossfade.control.StageFlag;
import dev.crossfade.model.InvalidInputException;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;
import org.togglz.core.repository.FeatureState;
import org.togglz.core.repository.StateRepository;
import org.togglz.core.repository.jdbc.JDBCStateRepository;
import org.togglz.core.repository.util.DefaultMapSerializer;
import org.togglz.core.util.NamedFeature;

/**
 * The table of flags as Togglz reads and writes it: a feature's state, and the parameters of its strategy. Stateless.
 */
public final class FlagStore {

    private FlagStore() {}

    /** Returns Togglz' own repository on the table; it takes a connection for each call. */
    static StateRepository repository(DataSource control) {
        return JDBCStateRepository.newBuilder(control)
                .tableName(FlagTable.NAME)
                .createTable(false)
                .build();
    }

    /** Sets a feature's strategy and parameters and nothing else; a feature that had no row is off. */
    static void putStrategy(DSLContext control, FeatureState state) {
        Map<String, String> parameters = RampStrategy.parameters(state);
        String text =
                parameters.isEmpty() ? null : DefaultMapSerializer.multiline().serialize(parameters);
        FlagTable.putStrategy(control, state.getFeature().name(), new Strategy(state.getStrategyId(), text));
    }

    /** Sets the share of an entity's ramp, within the caller's transaction; whether it ramps by key or tenant stays. */
    static void putShare(DSLContext transaction, String entity, int perMille) {
        Ramp before = ramp(transaction, entity).orElse(Ramp.WHOLE);
        FeatureState state = new FeatureState(new NamedFeature(StageFlag.MODERN_READ.feature(entity)));
        state.setStrategyId(RampStrategy.ID);
        new Ramp(perMille, before.by(), before.tenants()).parameters().forEach(state::setParameter);
        putStrategy(transaction, state);
    }

    /**
     * Returns the ramp that is set for an entity, empty if none ever was.
     *
     * @throws InvalidInputException if the stored ramp is invalid
     */
    static Optional<Ramp> ramp(DSLContext control, String entity) {
        return FlagTable.strategy(control, StageFlag.MODERN_READ.feature(entity))
                .filter(FlagStore::isGiven)
                .map(FlagStore::ramp);
    }

    private static boolean isGiven(Strategy strategy) {
        return isGiven(strategy.id()) || isGiven(strategy.parameters());
    }

    private static boolean isGiven(@Nullable String text) {
        return text != null && !text.isBlank();
    }

    /**
     * Reads the ramp that a strategy means; a flag without a strategy is on for every record.
     *
     * @throws InvalidInputException if the ramp is invalid
     */
    public static Ramp ramp(Strategy strategy) {
        String id = strategy.id();
        Map<String, String> given = isGiven(strategy.parameters()) ? parse(strategy.parameters()) : Map.of();
        if (isGiven(id) && !RampStrategy.ID.equals(id)) {
            throw new InvalidInputException(
                    "The strategy '%s' is not one for reads; use '%s', or none.".formatted(id, RampStrategy.ID));
        }
        return given.isEmpty() && !isGiven(id) ? Ramp.WHOLE : Ramp.of(given);
    }

    private static Map<String, String> parse(@Nullable String text) {
        try {
            return DefaultMapSerializer.multiline().deserialize(text);
        } catch (RuntimeException e) {
            throw new InvalidInputException("Its parameters cannot be read: " + e.getMessage() + ".", e);
        }
    }
}
