package dev.crossfade.control;

import static org.jooq.impl.DSL.excluded;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;

import dev.crossfade.model.Stage;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jspecify.annotations.Nullable;

/** The flags in the control schema, in the columns of Togglz' own repository. Stateless. */
public final class FlagTable {

    /** The table's name with its schema. */
    public static final String NAME = "crossfade.flag";

    private static final Table<Record> FLAG = table(name("crossfade", "flag"));
    private static final Field<String> FEATURE = field(name("feature_name"), String.class);
    private static final Field<Integer> ENABLED = field(name("feature_enabled"), Integer.class);
    private static final Field<String> STRATEGY = field(name("strategy_id"), String.class);
    private static final Field<String> PARAMETERS = field(name("strategy_params"), String.class);

    private FlagTable() {}

    /**
     * The contents of the table.
     *
     * @param on names of the features that are on
     * @param strategies activation strategy of each feature that has a row
     */
    public record Flags(Set<String> on, Map<String, Strategy> strategies) {}

    /** The activation strategy of a feature as it is stored, nulls where it has none. */
    public record Strategy(@Nullable String id, @Nullable String parameters) {}

    /** Reads all flags. */
    public static Flags read(DSLContext control) {
        Set<String> on = new HashSet<>();
        Map<String, Strategy> strategies = new HashMap<>();
        control.select(FEATURE, ENABLED, STRATEGY, PARAMETERS).from(FLAG).forEach(row -> {
            if (Integer.valueOf(1).equals(row.value2())) {
                on.add(row.value1());
            }
            strategies.put(row.value1(), new Strategy(row.value3(), row.value4()));
        });
        return new Flags(on, strategies);
    }

    /** Returns a feature's strategy, empty where the feature has no row. */
    public static Optional<Strategy> strategy(DSLContext control, String feature) {
        return control.select(STRATEGY, PARAMETERS)
                .from(FLAG)
                .where(FEATURE.eq(feature))
                .fetchOptional(row -> new Strategy(row.value1(), row.value2()));
    }

    /** Sets a feature's strategy and nothing else; a feature that had no row is off. */
    public static void putStrategy(DSLContext control, String feature, Strategy strategy) {
        control.insertInto(FLAG, FEATURE, ENABLED, STRATEGY, PARAMETERS)
                .values(feature, 0, strategy.id(), strategy.parameters())
                .onConflict(FEATURE)
                .doUpdate()
                .set(STRATEGY, excluded(STRATEGY))
                .set(PARAMETERS, excluded(PARAMETERS))
                .execute();
    }

    /**
     * Switches an entity's flags to a stage, in the caller's transaction. Leaves their strategies alone: a ramp may
     * be set at the same moment.
     */
    public static void put(DSLContext transaction, String entity, Stage stage) {
        for (StageFlag flag : StageFlag.values()) {
            transaction
                    .insertInto(FLAG, FEATURE, ENABLED)
                    .values(flag.feature(entity), flag.isOnIn(stage) ? 1 : 0)
                    .onConflict(FEATURE)
                    .doUpdate()
                    .set(ENABLED, excluded(ENABLED))
                    .execute();
        }
    }
}
