package dev.crossfade.statement;

import dev.crossfade.mapping.Column;
import java.util.Optional;
import java.util.function.Function;
import org.jooq.Converter;
import org.jooq.DataType;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;

/**
 * Columns in a form in which every value can be read. jOOQ reads some through JDBC's types, which have no infinite
 * days, no days before Christ and no {@code NaN}: those columns are read as texts. A service's own binding is left
 * alone.
 */
public final class ReadableField {

    private ReadableField() {}

    /** Returns a column's value with a Java type. */
    public static Field<?> of(Field<Object> value, Column column, DataType<?> type) {
        return isOfJooq(type) ? readable(value, column, type) : value.coerce(type);
    }

    private static boolean isOfJooq(DataType<?> type) {
        return type.getBinding().getClass().getPackage().equals(DSL.class.getPackage());
    }

    private static <T> Field<?> readable(Field<Object> value, Column column, DataType<T> type) {
        Converter<?, T> converter = type.getConverter();
        Optional<Function<String, Object>> reader = PrintedValue.reader(column, converter.fromType());
        return reader.isEmpty()
                ? value.coerce(type)
                : Column.text(value)
                        .coerce(SQLDataType.CLOB.asConvertedDataType(Converter.from(
                                String.class, type.getType(), text -> converted(converter, text, reader.get()))));
    }

    /** A converter may turn null into a value. */
    private static <F extends @Nullable Object, T> T converted(
            Converter<F, T> converter, @Nullable String text, Function<String, Object> reader) {
        return converter.from(converter.fromType().cast(text == null ? null : reader.apply(text)));
    }
}
