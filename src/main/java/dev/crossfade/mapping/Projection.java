package dev.crossfade.mapping;

import dev.crossfade.control.Databases;
import dev.crossfade.model.Side;
import dev.crossfade.sql.SqlScanner;
import dev.crossfade.sql.SqlToken;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jooq.Field;
import org.jooq.impl.DSL;

/**
 * One direction of a mapping: how the mirror row follows from the authoritative row.
 *
 * @param mapping the mapping
 * @param authority the side that is copied from
 */
public record Projection(TableMapping mapping, Side authority) {

    private static final Set<String> QUERY_WORDS = Set.of("select", "table", "values");

    /** Returns the authoritative table. */
    public Relation source() {
        return mapping.relation(authority);
    }

    /** Returns the mirror table. */
    public Relation target() {
        return mapping.relation(authority.opposite());
    }

    /** Returns the mirror columns that follow from the authoritative row, without the key; the filled ones last. */
    public List<Derived> derived() {
        return authority == Side.LEGACY
                ? Stream.concat(mapping.project().stream(), mapping.roles().fill().stream())
                        .toList()
                : mapping.restore();
    }

    /** Tells whether a mirror column keeps the value that it has. */
    public boolean fills(Column column) {
        return authority == Side.LEGACY && mapping.roles().isFilled(column);
    }

    /** Returns the new value of a column in an existing mirror row: a filled column keeps its value if it has one. */
    public Field<Object> kept(Column column, Field<Object> value) {
        return fills(column)
                ? DSL.field(
                        "coalesce({0}, {1})", Object.class, DSL.field(DSL.name(target().table(), column.name())), value)
                : value;
    }

    /** Tells whether both sides are columns of one table. */
    public boolean inPlace() {
        return mapping.kind() == TableMapping.Kind.COLUMN;
    }

    /** Tells whether one transaction can write both sides of the entity. */
    public boolean sidesShareTransaction(Databases databases) {
        return mapping.sidesShareTransaction(databases);
    }

    /** Returns the mirror's columns that are written: the key first, then the derived ones. */
    public List<Column> targetColumns() {
        List<Column> columns = new ArrayList<>(target().key());
        derived().forEach(one -> columns.add(one.column()));
        return columns;
    }

    /** Returns the values of {@link #targetColumns()} over the source row, converted to the mirror's types. */
    public List<Field<Object>> targetValues() {
        List<Field<Object>> values = new ArrayList<>(keyValues());
        derived().forEach(one -> values.add(one.value()));
        return values;
    }

    /** Returns {@link #targetValues} as the mirror's columns store them, for comparison with its rows. */
    public List<Field<Object>> keptValues() {
        List<Field<Object>> values = new ArrayList<>(keyValues());
        derived().forEach(one -> values.add(one.column().kept(one.value())));
        return values;
    }

    /**
     * Returns the source's key converted to the types of the mirror's key; null if the mirror would store another
     * key: then the write is refused.
     */
    public List<Field<Object>> keyValues() {
        List<Field<Object>> values = new ArrayList<>();
        for (int i = 0; i < source().key().size(); i++) {
            Column column = source().key().get(i);
            values.add(KeyTypes.convert(
                    source().field(column), column, target().key().get(i)));
        }
        return values;
    }

    /**
     * Returns a value of the mirror's column at {@code index} in the form in which the sides are compared: equal
     * exactly when no repair can make the mirror more alike. For a filled column the form says only whether there is
     * a value; a value on the mirror where legacy has none is no difference.
     */
    public Field<?> comparable(int index, Field<?> value) {
        return inForm(index, value, Column::comparable);
    }

    /** As {@link #comparable}, for a hash; see {@link Column#hashable}. */
    public Field<?> hashable(int index, Field<?> value) {
        return inForm(index, value, Column::hashable);
    }

    private Field<?> inForm(int index, Field<?> value, BiFunction<Column, Field<?>, Field<?>> form) {
        Column column = targetColumns().get(index);
        if (fills(column)) {
            return presence(value);
        }
        return isSpelledAlike(index) ? form.apply(column, value) : Column.byteByByte(column.keyText(value));
    }

    /** As {@link #comparable}, for whole rows, as texts. */
    public List<Field<String>> comparableTexts(List<? extends Field<?>> values) {
        List<Column> columns = targetColumns();
        return IntStream.range(0, columns.size())
                .mapToObj(i -> comparableText(i, columns.get(i), values.get(i)))
                .toList();
    }

    private Field<String> comparableText(int index, Column column, Field<?> value) {
        if (fills(column)) {
            return presence(value);
        }
        return isSpelledAlike(index) ? Column.text(value) : column.keyText(value);
    }

    private static Field<String> presence(Field<?> value) {
        return DSL.field("case when ({0}) is null then null else 'present' end", String.class, value);
    }

    /** A key that only one side can spell in several ways, as {@code 1.0} against an integer, is no difference. */
    private boolean isSpelledAlike(int index) {
        if (index >= source().key().size()) {
            return true;
        }
        Column there = target().key().get(index);
        return !there.hasManySpellings()
                || there.base().equals(source().key().get(index).base());
    }

    /** Returns a modern column as projected from the legacy side, for a table that is read under its own name. */
    public Optional<Field<Object>> shown(String modernColumn) {
        return derived().stream()
                .filter(one -> one.column().name().equals(modernColumn))
                .findFirst()
                .map(one -> inPlace() ? kept(one.column(), one.value()) : one.value());
    }

    /**
     * Tells whether an expression reads more than the row it is given; such a projection needs a statement of its own.
     */
    public boolean readsOtherTables() {
        return derived().stream()
                .flatMap(one -> SqlScanner.scan(one.expression()).stream())
                .anyMatch(token -> token.kind() == SqlToken.Kind.WORD
                        && QUERY_WORDS.contains(token.text().toLowerCase(Locale.ROOT)));
    }

    /** Returns the mirror's columns as unqualified names, for INSERT. */
    List<Field<Object>> targetNames() {
        return targetColumns().stream()
                .map(column -> DSL.field(DSL.name(column.name())))
                .toList();
    }
}
