package dev.crossfade.flags;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;

import dev.crossfade.model.InvalidInputException;
import dev.crossfade.model.Stage;
import java.math.BigDecimal;
import java.sql.Connection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.jooq.tools.jdbc.SingleConnectionDataSource;
import org.jspecify.annotations.Nullable;
import org.togglz.core.repository.FeatureState;
import org.togglz.core.repository.StateRepository;
import org.togglz.core.repository.jdbc.JDBCStateRepository;
import org.togglz.core.repository.util.DefaultMapSerializer;

/** The Togglz table in the control schema, read as a whole and written through Togglz. */
final class FlagStore {

    /** Parameter of the {@code modern-read} flag: the share of keys read from the modern side, in per cent. */
    static final String RAMP = "ramp";

    private static final String TABLE = "crossfade.flag";
    private static final int WHOLE = 1000;

    private FlagStore() {}

    /**
     * What the table says.
     *
     * @param on names of the features that are on
     * @param parameters parameters of each feature that has some
     */
    record Flags(Set<String> on, Map<String, Map<String, String>> parameters) {

        int rampPerMille(String entity) {
            String ramp = parameters
                    .getOrDefault(StageFlag.MODERN_READ.feature(entity).name(), Map.of())
                    .get(RAMP);
            return ramp == null ? WHOLE : FlagStore.rampPerMille(ramp);
        }
    }

    static Flags read(DSLContext control) {
        Set<String> on = new HashSet<>();
        Map<String, Map<String, String>> parameters = new HashMap<>();
        control.select(
                        field(name("feature_name"), String.class),
                        field(name("feature_enabled"), Integer.class),
                        field(name("strategy_params"), String.class))
                .from(table(name("crossfade", "flag")))
                .forEach(row -> {
                    if (Integer.valueOf(1).equals(row.value2())) {
                        on.add(row.value1());
                    }
                    if (row.value3() != null) {
                        parameters.put(
                                row.value1(), DefaultMapSerializer.multiline().deserialize(row.value3()));
                    }
                });
        return new Flags(on, parameters);
    }

    /** Returns Togglz' own repository on the table; it takes a connection for each call. */
    static StateRepository repository(DataSource control) {
        return JDBCStateRepository.newBuilder(control)
                .tableName(TABLE)
                .createTable(false)
                .build();
    }

    /** Sets an entity's flags to what a stage means, within the caller's transaction. */
    static void put(Connection transaction, String entity, Stage stage) {
        StateRepository repository = JDBCStateRepository.newBuilder(new SingleConnectionDataSource(transaction))
                .tableName(TABLE)
                .createTable(false)
                .noCommit(true)
                .build();
        for (StageFlag flag : StageFlag.values()) {
            FeatureState before = repository.getFeatureState(flag.feature(entity));
            FeatureState after = before == null ? new FeatureState(flag.feature(entity)) : before.copy();
            repository.setFeatureState(after.setEnabled(flag.isOnIn(stage)));
        }
    }

    /**
     * Reads a share in per cent, in steps of 0.1.
     *
     * @throws InvalidInputException if it is not from 0 to 100
     */
    static int rampPerMille(String percent) {
        try {
            int perMille = new BigDecimal(percent.strip()).movePointRight(1).intValueExact();
            if (perMille >= 0 && perMille <= WHOLE) {
                return perMille;
            }
        } catch (ArithmeticException | NumberFormatException e) {
            throw badRamp(percent, e);
        }
        throw badRamp(percent, null);
    }

    private static InvalidInputException badRamp(String percent, @Nullable Throwable cause) {
        return new InvalidInputException(
                "The ramp '" + percent + "' is not a share from 0 to 100 per cent in steps of 0.1, for example 12.5.",
                cause);
    }
}
