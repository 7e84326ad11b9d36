package dev.crossfade.flags;

import dev.crossfade.control.FlagTable;
import dev.crossfade.control.FlagTable.Strategy;
import dev.crossfade.model.InvalidInputException;
import java.util.Map;
import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.togglz.core.repository.FeatureState;
import org.togglz.core.repository.StateRepository;
import org.togglz.core.repository.jdbc.JDBCStateRepository;
import org.togglz.core.repository.util.DefaultMapSerializer;

/** The table of flags as Togglz reads and writes it: a feature's state, and the parameters of its strategy. Stateless. */
public final class FlagStore {

    private FlagStore() {}

    /** Returns Togglz' own repository on the table; it takes a connection for each call. */
    static StateRepository repository(DataSource control) {
        return JDBCStateRepository.newBuilder(control)
                .tableName(FlagTable.NAME)
                .createTable(false)
                .build();
    }

    /** Sets a feature's strategy and parameters, and nothing else of it; it is off where it has no row yet. */
    static void putStrategy(DSLContext control, FeatureState state) {
        Map<String, String> parameters = RampStrategy.parameters(state);
        String text =
                parameters.isEmpty() ? null : DefaultMapSerializer.multiline().serialize(parameters);
        FlagTable.putStrategy(control, state.getFeature().name(), new Strategy(state.getStrategyId(), text));
    }

    /**
     * Reads the ramp that a strategy means; a flag without a strategy is on for every record.
     *
     * @throws InvalidInputException if this is no ramp
     */
    public static Ramp ramp(Strategy strategy) {
        String id = strategy.id();
        String parameters = strategy.parameters();
        Map<String, String> given = parameters == null || parameters.isBlank() ? Map.of() : parse(parameters);
        if (id != null && !id.isBlank() && !id.equals(RampStrategy.ID)) {
            throw new InvalidInputException(
                    "The strategy '%s' is not one for reads; use '%s', or none.".formatted(id, RampStrategy.ID));
        }
        return given.isEmpty() && (id == null || id.isBlank()) ? Ramp.WHOLE : Ramp.of(given);
    }

    private static Map<String, String> parse(String text) {
        try {
            return DefaultMapSerializer.multiline().deserialize(text);
        } catch (RuntimeException e) {
            throw new InvalidInputException("Its parameters cannot be read: " + e.getMessage() + ".", e);
        }
    }
}
