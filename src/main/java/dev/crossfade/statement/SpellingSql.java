package dev.crossfade.statement;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;

import dev.crossfade.control.Databases;
import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.Derived;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.sql.TextStatement;
import java.util.ArrayList;
import java.util.List;
import org.jooq.Field;

/**
 * Finds the columns of rows, read as texts of the modern shape, whose values differ by their type's equality, not
 * only in spelling.
 */
public final class SpellingSql {

    private final List<Column> columns;

    /** Creates the statement for the rows of a mapping. */
    public SpellingSql(TableMapping mapping) {
        this.columns = mapping.project().stream()
                .map(Derived::column)
                .filter(column -> new ValueComparison(column).hasEqualSpellings())
                .toList();
    }

    /** Returns the columns whose equal values may be spelled differently, without the key. */
    public List<String> columns() {
        return columns.stream().map(Column::name).toList();
    }

    /**
     * Returns, for rows numbered from 1, the place and the names of the columns that differ, null if none does.
     * Binds, for each of {@link #columns}, an array of the texts of one side and one of those of the other.
     */
    public TextStatement changed() {
        BoundRows bound = new BoundRows(RowBinding.NUMBERED);
        AlterationSql differences = new AlterationSql(columns, column -> side(column, 0), column -> side(column, 1));
        List<Field<?>> fields = new ArrayList<>();
        fields.add(field(RowBinding.PLACE));
        fields.add(differences.changedColumns());
        return new TextStatement(
                Databases.renderer().render(Databases.renderer().select(fields).from(bound.of(2 * columns.size()))));
    }

    private Field<Object> side(Column column, int which) {
        int place = 2 * columns.indexOf(column) + which;
        return column.cast(field(name(BoundRows.NAME, RowBinding.column(place))));
    }
}
