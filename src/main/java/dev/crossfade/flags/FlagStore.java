package dev.crossfade.flags;

import static org.jooq.impl.DSL.excluded;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;

import dev.crossfade.model.InvalidInputException;
import dev.crossfade.model.Stage;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jspecify.annotations.Nullable;
import org.togglz.core.repository.FeatureState;
import org.togglz.core.repository.StateRepository;
import org.togglz.core.repository.jdbc.JDBCStateRepository;
import org.togglz.core.repository.util.DefaultMapSerializer;

/** The Togglz table in the control schema, read as a whole and written through Togglz. */
final class FlagStore {

    private static final String TABLE = "crossfade.flag";

    private static final Table<Record> FLAG = table(name("crossfade", "flag"));
    private static final Field<String> NAME = field(name("feature_name"), String.class);
    private static final Field<Integer> ENABLED = field(name("feature_enabled"), Integer.class);
    private static final Field<String> STRATEGY = field(name("strategy_id"), String.class);
    private static final Field<String> PARAMETERS = field(name("strategy_params"), String.class);

    private FlagStore() {}

    /**
     * What the table says.
     *
     * @param on names of the features that are on
     * @param strategies activation strategy of each feature that has a row
     */
    record Flags(Set<String> on, Map<String, Strategy> strategies) {}

    /** The activation strategy of a feature as it is stored, nulls where it has none. */
    record Strategy(@Nullable String id, @Nullable String parameters) {

        boolean isGiven() {
            return (id != null && !id.isBlank()) || (parameters != null && !parameters.isBlank());
        }

        /**
         * Reads the ramp; a flag without a strategy is on for every record.
         *
         * @throws InvalidInputException if this is no ramp
         */
        Ramp ramp() {
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

    static Flags read(DSLContext control) {
        Set<String> on = new HashSet<>();
        Map<String, Strategy> strategies = new HashMap<>();
        control.select(NAME, ENABLED, STRATEGY, PARAMETERS).from(FLAG).forEach(row -> {
            if (Integer.valueOf(1).equals(row.value2())) {
                on.add(row.value1());
            }
            strategies.put(row.value1(), new Strategy(row.value3(), row.value4()));
        });
        return new Flags(on, strategies);
    }

    /** Sets a feature's strategy and parameters, and nothing else of it; it is off where it has no row yet. */
    static void putStrategy(DSLContext control, FeatureState state) {
        Map<String, String> parameters = RampStrategy.parameters(state);
        String text =
                parameters.isEmpty() ? null : DefaultMapSerializer.multiline().serialize(parameters);
        control.insertInto(FLAG, NAME, ENABLED, STRATEGY, PARAMETERS)
                .values(state.getFeature().name(), 0, state.getStrategyId(), text)
                .onConflict(NAME)
                .doUpdate()
                .set(STRATEGY, excluded(STRATEGY))
                .set(PARAMETERS, excluded(PARAMETERS))
                .execute();
    }

    /**
     * Returns the ramp that is set for an entity, empty where none ever was.
     *
     * @throws InvalidInputException if what is set is no ramp
     */
    static Optional<Ramp> ramp(DSLContext control, String entity) {
        return control.select(STRATEGY, PARAMETERS)
                .from(FLAG)
                .where(NAME.eq(StageFlag.MODERN_READ.feature(entity).name()))
                .fetchOptional(row -> new Strategy(row.value1(), row.value2()))
                .filter(Strategy::isGiven)
                .map(Strategy::ramp);
    }

    /** Sets how much of an entity's reads is in its ramp, within the caller's transaction; what it goes by stays. */
    static void putShare(DSLContext transaction, String entity, int perMille) {
        Ramp before = ramp(transaction, entity).orElse(Ramp.WHOLE);
        FeatureState state = new FeatureState(StageFlag.MODERN_READ.feature(entity));
        state.setStrategyId(RampStrategy.ID);
        new Ramp(perMille, before.by(), before.tenants()).parameters().forEach(state::setParameter);
        putStrategy(transaction, state);
    }

    /** Returns Togglz' own repository on the table; it takes a connection for each call. */
    static StateRepository repository(DataSource control) {
        return JDBCStateRepository.newBuilder(control)
                .tableName(TABLE)
                .createTable(false)
                .build();
    }

    /**
     * Sets an entity's flags to what a stage means, within the caller's transaction, and nothing else of them: a ramp may be
     * set at the same moment.
     */
    static void put(DSLContext transaction, String entity, Stage stage) {
        for (StageFlag flag : StageFlag.values()) {
            transaction
                    .insertInto(FLAG, NAME, ENABLED)
                    .values(flag.feature(entity).name(), flag.isOnIn(stage) ? 1 : 0)
                    .onConflict(NAME)
                    .doUpdate()
                    .set(ENABLED, excluded(ENABLED))
                    .execute();
        }
    }
}
