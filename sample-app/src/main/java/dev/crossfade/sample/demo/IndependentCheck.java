package dev.crossfade.sample.demo;

import dev.crossfade.control.ControlSchema;
import dev.crossfade.control.Databases;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Checks every row of both sides with its own code. The two sides must agree under the rules of the mapping. Rows that
 * only one writer wrote must be what its last answer implies, counters must have counted every answered update, and
 * rows that nobody wrote must be unchanged. Run it while nobody writes.
 */
final class IndependentCheck {

    private static final int AMOUNT = 3;

    private final Databases databases;
    private final Findings findings = new Findings();
    private final Set<Group> touched = new HashSet<>();
    private final Map<Long, Optional<Row>> users = new HashMap<>();
    private final Map<Long, Optional<Row>> orders = new HashMap<>();
    private final Map<Long, BigDecimal> counters;

    /** Creates a check from what the writers know at this moment. */
    IndependentCheck(Databases databases, Traffic traffic) {
        this.databases = databases;
        this.counters = traffic.counters().expected();
        for (Model model : traffic.models()) {
            touched.addAll(model.touched());
            model.users().forEach((key, user) -> users.put(key, user.map(Recomputed::of)));
            model.orders().forEach((key, order) -> orders.put(key, order.map(Recomputed::of)));
        }
    }

    /** Compares the two sides with each other. */
    Findings compareSides() {
        try {
            compare("user", legacyUsers("legacy.users").open(), modernUsers().open());
            compare(
                    "order",
                    legacyOrders("legacy.orders").open(),
                    modernOrders().open());
        } catch (SQLException e) {
            throw ControlSchema.explain(e);
        }
        return findings;
    }

    /** Compares the modern side with the answers that writers got, and with the initial data. */
    Findings compareWithAnswers() {
        try {
            answers("user", modernUsers().open(), users);
            answers("order", modernOrders().open(), orders);
            counters();
            Predicate<Long> userIsUntouched = key -> isUntouched(Group.ofUser(key));
            Predicate<Long> orderIsUntouched = key -> isUntouched(Group.ofOrder(key));
            compare(
                    "user that nobody wrote",
                    legacyUsers("demo.users").open(userIsUntouched),
                    modernUsers().open(userIsUntouched));
            compare(
                    "order that nobody wrote",
                    legacyOrders("demo.orders").open(orderIsUntouched),
                    modernOrders().open(orderIsUntouched));
        } catch (SQLException e) {
            throw ControlSchema.explain(e);
        }
        return findings;
    }

    private boolean isUntouched(Group group) {
        return !group.isHot() && !touched.contains(group);
    }

    private Rows.Source legacyUsers(String table) {
        String query = "select %s from %s order by id".formatted(Recomputed.LEGACY_USER_COLUMNS, table);
        return new Rows.Source(databases.legacy(), query, Recomputed::legacyUser);
    }

    private Rows.Source legacyOrders(String table) {
        String query = "select %s from %s order by id".formatted(Recomputed.LEGACY_ORDER_COLUMNS, table);
        return new Rows.Source(databases.legacy(), query, Recomputed::legacyOrder);
    }

    private Rows.Source modernUsers() {
        return new Rows.Source(databases.modern(), Recomputed.MODERN_USERS, Recomputed::modernUser);
    }

    private Rows.Source modernOrders() {
        return new Rows.Source(databases.modern(), Recomputed.MODERN_ORDERS, Recomputed::modernOrder);
    }

    private void compare(String what, Rows expected, Rows modern) throws SQLException {
        try (expected;
                modern) {
            while (expected.head() != null || modern.head() != null) {
                Row left = expected.head();
                Row right = modern.head();
                if (right == null || (left != null && left.key() < right.key())) {
                    findings.add("%s %d is missing on the modern side".formatted(what, keyOf(left)));
                    expected.advance();
                } else if (left == null || right.key() < left.key()) {
                    findings.add("%s %d is on the modern side alone".formatted(what, right.key()));
                    modern.advance();
                } else {
                    findings.compare(what + " " + left.key(), left.fields(), right.fields());
                    expected.advance();
                    modern.advance();
                }
            }
        }
    }

    private static long keyOf(@Nullable Row row) {
        return Objects.requireNonNull(row).key();
    }

    private void answers(String what, Rows modern, Map<Long, Optional<Row>> answers) throws SQLException {
        Set<Long> unseen = new HashSet<>();
        answers.forEach((key, row) -> row.ifPresent(present -> unseen.add(key)));
        try (modern) {
            for (Row row = modern.head(); row != null; row = modern.head()) {
                Optional<Row> expected = answers.get(row.key());
                if (expected != null) {
                    unseen.remove(row.key());
                    findings.compare("answered " + what + " " + row.key(), expected, Optional.of(row));
                }
                modern.advance();
            }
        }
        unseen.forEach(key -> findings.add("answered %s %d is on neither side".formatted(what, key)));
    }

    private void counters() throws SQLException {
        Map<Long, Object> seen = new HashMap<>();
        try (Rows modern = modernOrders().open(counters::containsKey)) {
            for (Row row = modern.head(); row != null; row = modern.head()) {
                seen.put(row.key(), Objects.requireNonNull(row.fields().get(AMOUNT)));
                modern.advance();
            }
        }
        counters.forEach((order, amount) ->
                findings.compare("amount of counter " + order, amount, seen.getOrDefault(order, "nothing")));
    }
}
