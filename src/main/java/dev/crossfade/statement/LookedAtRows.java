package dev.crossfade.statement;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;

import dev.crossfade.control.Databases;
import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.Projection;
import dev.crossfade.mapping.Relation;
import java.util.ArrayList;
import java.util.List;
import org.jooq.Field;
import org.jooq.Name;
import org.jooq.Record;
import org.jooq.Select;

/**
 * Mirror rows as a statement would write them, for checks before the write: under the mirror's column names, with
 * their places.
 *
 * @param projection the direction
 * @param reading whether the authoritative table is in the queried database: then keys are bound, else mirror rows
 */
record LookedAtRows(Projection projection, boolean reading) {

    /** The name of the rows. */
    static final Name NAME = name("crossfade_given");

    /** The place of each row among the bound ones, counted from 1. */
    static final Field<Integer> PLACE = field(RowBinding.PLACE, Integer.class);

    /** Returns the query of the rows. Binds keys or mirror rows, numbered. */
    Select<Record> select() {
        BoundRows bound = new BoundRows(RowBinding.NUMBERED);
        List<Column> columns = projection.targetColumns();
        List<Field<Object>> values = reading ? projection.targetValues() : bound.values(columns);
        List<Field<?>> named = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            // as stored: another collation would not match the mirror's index
            named.add(columns.get(i).typed(values.get(i)).as(name(columns.get(i).name())));
        }
        named.add(PLACE);
        if (!reading) {
            return Databases.renderer().select(named).from(bound.of(columns.size()));
        }
        Relation source = projection.source();
        return Databases.renderer()
                .select(named)
                .from(source.aliased())
                .join(bound.keysOf(source))
                .on(bound.match(source));
    }
}
