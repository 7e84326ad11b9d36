package dev.crossfade.mapping;

import dev.crossfade.model.RecordKey;
import dev.crossfade.sql.TextValue;
import dev.crossfade.sql.UndecodableText;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jooq.EnumType;
import org.jooq.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Spells keys as the server does, if that is certain.
 *
 * <p>Keys are noted in the server's {@linkplain Column#keyText key text}. A caller names a key by Java values, and
 * one key has many spellings: a {@code uuid} in capitals, {@code 10:00} for {@code 10:00:00}, {@code 1.005} for a
 * {@code numeric(8,2)}. For some pairs of Java class and column type the server's text follows from the value; for
 * all others it is not guessed. Immutable.
 */
public final class KeySpelling {

    private static final int MICROS = 6;
    private static final DateTimeFormatter TO_SECONDS = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

    private final List<Column> legacy;
    private final List<Column> modern;

    private KeySpelling(List<Column> legacy, List<Column> modern) {
        this.legacy = legacy;
        this.modern = modern;
    }

    /** Returns the spelling of a mapping's keys. */
    public static KeySpelling of(TableMapping mapping) {
        return new KeySpelling(mapping.legacy().key(), mapping.modern().key());
    }

    /**
     * Returns the key text of a key with these values, the same whichever side it is noted on; empty if it cannot be
     * known for certain.
     */
    public Optional<RecordKey> certain(List<Object> values) {
        List<String> texts = new ArrayList<>(values.size());
        for (int i = 0; i < values.size(); i++) {
            String text = text(legacy.get(i), values.get(i));
            if (text == null || !text.equals(text(modern.get(i), values.get(i)))) {
                return Optional.empty();
            }
            texts.add(text);
        }
        return Optional.of(new RecordKey(texts));
    }

    /** Returns the key text of a value in a column, null if it is not certain. */
    static @Nullable String text(Column column, Object value) {
        return switch (column.plainType()) {
            case "smallint", "integer", "bigint" -> isInteger(value) ? value.toString() : null;
            case "numeric" -> number(column, value);
            case "boolean" -> value instanceof Boolean ? value.toString() : null;
            case "uuid" -> value instanceof UUID ? value.toString() : null;
            case "text" -> value instanceof String text && isSendable(text) ? text : null;
            case "character varying" -> value instanceof String text && fits(column, text) ? text : null;
            case "character", "bpchar" -> padded(column, value);
            case "bytea" -> value instanceof byte[] ? TextValue.of(value) : null;
            case "date" -> value instanceof LocalDate ? TextValue.of(value) : null;
            case "time without time zone" -> time(column, value);
            case "timestamp without time zone" ->
                value instanceof LocalDateTime local && isWhole(column, local.getNano() / 1000)
                        ? TextValue.of(value)
                        : null;
            case "timestamp with time zone" -> instant(column, value);
            default -> value instanceof EnumType constant && isOf(column, constant) ? constant.getLiteral() : null;
        };
    }

    private static boolean isInteger(Object value) {
        return value instanceof Long
                || value instanceof Integer
                || value instanceof Short
                || value instanceof Byte
                || value instanceof BigInteger;
    }

    /** Null for a number that the column would round: it is stored as another one. */
    private static @Nullable String number(Column column, Object value) {
        BigDecimal number;
        if (value instanceof BigDecimal decimal) {
            number = decimal;
        } else if (isInteger(value)) {
            number = new BigDecimal(value.toString());
        } else {
            return null;
        }
        Limits limits = Limits.of(column.base());
        boolean kept = limits.isNone()
                || limits.second() >= Math.max(0, number.stripTrailingZeros().scale());
        return kept ? TextValue.ofKey(number) : null;
    }

    /** Blanks beyond the column's length are cut off when a text is stored. */
    private static boolean fits(Column column, String text) {
        Limits limits = Limits.of(column.base());
        return isSendable(text) && (limits.isNone() || text.codePointCount(0, text.length()) <= limits.first());
    }

    /** The driver replaces an unpaired surrogate. */
    private static boolean isSendable(String text) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(text) && !UndecodableText.isOne(text);
    }

    /** Only trailing blanks are insignificant in this type; other white space counts. */
    private static @Nullable String padded(Column column, Object value) {
        if (!(value instanceof String text)) {
            return null;
        }
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == ' ') {
            end--;
        }
        String stripped = text.substring(0, end);
        return fits(column, stripped) ? stripped : null;
    }

    private static @Nullable String time(Column column, Object value) {
        if (!(value instanceof LocalTime time)
                || time.getNano() % 1000 != 0
                || !isWhole(column, time.getNano() / 1000)) {
            return null;
        }
        String seconds = TO_SECONDS.format(time);
        if (time.getNano() == 0) {
            return seconds;
        }
        String micros = String.format(Locale.ROOT, "%06d", time.getNano() / 1000);
        int end = MICROS;
        while (micros.charAt(end - 1) == '0') {
            end--;
        }
        return seconds + "." + micros.substring(0, end);
    }

    private static @Nullable String instant(Column column, Object value) {
        int nano;
        switch (value) {
            case OffsetDateTime time -> nano = time.getNano();
            case ZonedDateTime time -> nano = time.getNano();
            case Instant time -> nano = time.getNano();
            default -> {
                return null;
            }
        }
        return isWhole(column, nano / 1000) ? TextValue.of(value) : null;
    }

    /** Tells whether a column stores so many microseconds of a second without rounding. */
    private static boolean isWhole(Column column, int micros) {
        Limits limits = Limits.of(column.base());
        int unit = 1;
        for (int digit = limits.isNone() ? MICROS : limits.first(); digit < MICROS; digit++) {
            unit *= 10;
        }
        return micros % unit == 0;
    }

    /** False for a name that needs quotes and for a domain over the enum. */
    private static boolean isOf(Column column, EnumType constant) {
        Schema schema = constant.getSchema();
        return schema != null && column.type().equals(schema.getName() + "." + constant.getName());
    }
}
