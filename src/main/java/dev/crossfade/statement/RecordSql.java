package dev.crossfade.statement;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;

import dev.crossfade.control.Databases;
import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.KeyTypes;
import dev.crossfade.mapping.Projection;
import dev.crossfade.mapping.Relation;
import dev.crossfade.mapping.Roles;
import dev.crossfade.model.Side;
import java.util.ArrayList;
import java.util.List;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.InsertOnDuplicateSetMoreStep;
import org.jooq.Record;
import org.jooq.Select;

/**
 * The upsert of records into the authoritative table: on the legacy side they go through the restore expressions.
 *
 * @param authoritative what has to hold for anything to be written
 */
record RecordSql(Projection projection, RowBinding binding, Condition authoritative) {

    private static final String GIVEN = "crossfade_given";

    /** Returns the upsert; its rows are in key order, so that concurrent batches never deadlock. */
    InsertOnDuplicateSetMoreStep<Record> upsert() {
        List<Column> shape = projection.mapping().modern().allColumns();
        Relation source = projection.source();
        DSLContext renderer = Databases.renderer();
        BoundRows bound = new BoundRows(binding);
        if (projection.authority() == Side.MODERN) {
            return saveModernRecords(shape);
        }
        Relation modern = projection.mapping().modern();
        List<Column> columns = source.allColumns();
        List<Field<Object>> values = new ArrayList<>();
        for (int i = 0; i < source.key().size(); i++) {
            Column key = modern.key().get(i);
            values.add(KeyTypes.convert(modern.field(key), key, source.key().get(i)));
        }
        for (Column column : source.columns()) {
            values.add(ProjectionSql.restored(projection.mapping(), column));
        }
        return Upsert.ofRecords(source, columns)
                .upsert(renderer.select(values)
                        .from(bound.typed(shape, 0, authoritative).asTable(name(modern.table())))
                        .orderBy(values.subList(0, ordering())));
    }

    /** Derived columns are left out: they are the database's to set while the modern side decides. */
    private InsertOnDuplicateSetMoreStep<Record> saveModernRecords(List<Column> shape) {
        Select<Record> records = new BoundRows(binding).typed(shape, ordering(), authoritative);
        Roles roles = projection.mapping().roles();
        List<Column> written =
                shape.stream().filter(column -> !roles.isDerived(column)).toList();
        return Upsert.ofRecords(projection.source(), written)
                .upsert(
                        written.equals(shape)
                                ? records
                                : Databases.renderer().select(fields(written)).from(records.asTable(name(GIVEN))));
    }

    /** By how many columns records are ordered: one alone needs no order. */
    private int ordering() {
        return binding == RowBinding.ONE ? 0 : projection.source().key().size();
    }

    private static List<Field<Object>> fields(List<Column> columns) {
        return columns.stream().map(column -> field(name(column.name()))).toList();
    }
}
