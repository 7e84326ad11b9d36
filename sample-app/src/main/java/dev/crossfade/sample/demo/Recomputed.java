package dev.crossfade.sample.demo;

import dev.crossfade.sample.db.repository.Order;
import dev.crossfade.sample.db.repository.User;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Computes the modern shape a second time, by other code, in another language and process than the mapping's
 * expressions. It shares only the rules with them.
 */
final class Recomputed {

    static final String LEGACY_USER_COLUMNS =
            "id, email, first_name, last_name, phone, status, preferences, email_verified_at, created_at";
    static final String MODERN_USERS = """
            select account_id, email, full_name, phone, status, cast(preferences as text), email_verified_at, created_at
            from modern.accounts order by account_id""";
    static final String LEGACY_ORDER_COLUMNS = "id, user_id, order_no, state, amount, items, note, ordered_at";
    static final String MODERN_ORDERS = """
            select purchase_id, account_id, reference, status, amount, cast(items as text), note, purchased_at
            from modern.purchases order by purchase_id""";

    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private Recomputed() {}

    static Row legacyUser(ResultSet row) throws SQLException {
        String preferences = row.getString(7);
        return new Row(
                row.getLong(1),
                Arrays.asList(
                        trimmed(row.getString(2)).toLowerCase(Locale.ROOT),
                        fullName(row.getString(3), row.getString(4)),
                        emptyToNull(digits(row.getString(5))),
                        userStatus(row.getString(6)),
                        json(preferences == null || trimmed(preferences).isEmpty() ? "{}" : preferences),
                        berlin(row.getObject(8, LocalDateTime.class)),
                        berlin(row.getObject(9, LocalDateTime.class))));
    }

    static Row modernUser(ResultSet row) throws SQLException {
        return new Row(
                row.getLong(1),
                Arrays.asList(
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        row.getString(5),
                        json(row.getString(6)),
                        instant(row.getObject(7, OffsetDateTime.class)),
                        instant(row.getObject(8, OffsetDateTime.class))));
    }

    static Row of(User user) {
        return new Row(
                user.accountId(),
                Arrays.asList(
                        user.email(),
                        user.fullName(),
                        user.phone(),
                        user.status(),
                        json(user.preferences().data()),
                        instant(user.emailVerifiedAt()),
                        instant(user.createdAt())));
    }

    static Row legacyOrder(ResultSet row) throws SQLException {
        String items = row.getString(6);
        String note = row.getString(7);
        return new Row(
                row.getLong(1),
                Arrays.asList(
                        row.getLong(2),
                        trimmed(row.getString(3)).toUpperCase(Locale.ROOT),
                        orderStatus(row.getString(4)),
                        row.getBigDecimal(5).setScale(2, RoundingMode.HALF_UP),
                        json(items == null ? "[]" : items),
                        note == null ? null : emptyToNull(trimmed(note)),
                        berlin(row.getObject(8, LocalDateTime.class))));
    }

    static Row modernOrder(ResultSet row) throws SQLException {
        return new Row(
                row.getLong(1),
                Arrays.asList(
                        row.getLong(2),
                        row.getString(3),
                        row.getString(4),
                        row.getBigDecimal(5),
                        json(row.getString(6)),
                        row.getString(7),
                        instant(row.getObject(8, OffsetDateTime.class))));
    }

    static Row of(Order order) {
        return new Row(
                order.purchaseId(),
                Arrays.asList(
                        order.accountId(),
                        order.reference(),
                        order.status(),
                        order.amount(),
                        json(order.items().data()),
                        order.note(),
                        instant(order.purchasedAt())));
    }

    private static @Nullable String fullName(@Nullable String first, @Nullable String last) {
        String joined = Stream.of(
                        first == null ? List.<String>of() : List.of(first),
                        last == null ? List.<String>of() : List.of(last))
                .flatMap(List::stream)
                .flatMap(part -> Stream.of(part.split("[ \\t\\r\\n]+")))
                .filter(word -> !word.isEmpty())
                .collect(Collectors.joining(" "));
        return emptyToNull(joined);
    }

    private static String digits(@Nullable String phone) {
        StringBuilder digits = new StringBuilder();
        for (char character : Objects.requireNonNullElse(phone, "").toCharArray()) {
            if (character == '+' || (character >= '0' && character <= '9')) {
                digits.append(character);
            }
        }
        return digits.toString();
    }

    private static String userStatus(String code) {
        return switch (code) {
            case "A" -> "active";
            case "B" -> "blocked";
            default -> "closed";
        };
    }

    private static String orderStatus(@Nullable String code) {
        return switch (code) {
            case "P" -> "paid";
            case "S" -> "shipped";
            case "C" -> "cancelled";
            case null, default -> "open";
        };
    }

    private static String trimmed(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && text.charAt(from) == ' ') {
            from++;
        }
        while (to > from && text.charAt(to - 1) == ' ') {
            to--;
        }
        return text.substring(from, to);
    }

    private static @Nullable String emptyToNull(String text) {
        return text.isEmpty() ? null : text;
    }

    /**
     * Returns Berlin local time as an instant, as PostgreSQL does: a time in the spring gap counts on, and in the
     * repeated hour it is the later one.
     */
    private static @Nullable Instant berlin(@Nullable LocalDateTime time) {
        return time == null
                ? null
                : time.atZone(BERLIN).withLaterOffsetAtOverlap().toInstant();
    }

    private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
        return time == null ? null : time.toInstant();
    }

    private static Object json(String text) {
        return comparable(JSON.readTree(text));
    }

    private static Object comparable(JsonNode node) {
        if (node.isObject()) {
            Map<String, Object> members = new TreeMap<>();
            node.properties().forEach(member -> members.put(member.getKey(), comparable(member.getValue())));
            return members;
        }
        if (node.isArray()) {
            List<Object> elements = new ArrayList<>();
            node.forEach(element -> elements.add(comparable(element)));
            return elements;
        }
        return node.isNumber() ? number(node.decimalValue()) : node;
    }

    private static BigDecimal number(BigDecimal value) {
        return value.stripTrailingZeros();
    }
}
