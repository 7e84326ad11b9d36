package dev.crossfade.sample.web;

import dev.crossfade.sample.db.repository.Order;
import dev.crossfade.sample.storage.NormalForm;
import java.math.BigDecimal;
import java.time.Instant;
import org.jooq.JSONB;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * An order as clients receive and send it. An id in the path overrides the one here.
 *
 * @param id the order's id
 * @param userId whose order it is
 * @param reference the order's number as people read it, unique among all orders
 * @param status open, paid, shipped or cancelled; open if left out
 * @param amount euros, rounded to cents
 * @param items any JSON; an empty array if left out
 * @param note a remark, null if there is none
 * @param orderedAt when it was ordered; now if left out
 */
record OrderView(
        @Nullable Long id,
        @Nullable Long userId,
        @Nullable String reference,
        @Nullable String status,
        @Nullable BigDecimal amount,
        @Nullable JsonNode items,
        @Nullable String note,
        @Nullable Instant orderedAt) {

    static final String STATUSES = "open|paid|shipped|cancelled";

    private static final int LONGEST_REFERENCE = 40;
    private static final BigDecimal HIGHEST_AMOUNT = new BigDecimal("9999999999.99");
    private static final JsonMapper JSON = JsonMapper.shared();

    static OrderView of(Order order) {
        return new OrderView(
                order.purchaseId(),
                order.accountId(),
                order.reference(),
                order.status(),
                order.amount(),
                JSON.readTree(order.items().data()),
                order.note(),
                order.purchasedAt().toInstant());
    }

    /** Returns this order as one of a user. */
    OrderView ofUser(long user) {
        return new OrderView(id, user, reference, status, amount, items, note, orderedAt);
    }

    /** Returns the record in normal form; notes problems under the name of {@code where}. */
    Order toOrder(long key, Problems problems, String where) {
        String number = reference == null ? "" : NormalForm.reference(reference);
        String state = status == null ? "open" : status;
        BigDecimal cents = NormalForm.amount(amount == null ? BigDecimal.ZERO : amount);
        problems.require(userId != null, where + "userId", "is missing");
        problems.require(!number.isEmpty(), where + "reference", "is missing");
        problems.require(number.length() <= LONGEST_REFERENCE, where + "reference", "is longer than 40 characters");
        problems.require(state.matches(STATUSES), where + "status", "is not one of " + STATUSES);
        problems.require(amount != null, where + "amount", "is missing");
        problems.require(cents.abs().compareTo(HIGHEST_AMOUNT) <= 0, where + "amount", "is beyond " + HIGHEST_AMOUNT);
        return new Order(
                key,
                userId == null ? 0L : userId,
                number,
                state,
                cents,
                JSONB.valueOf(items == null ? "[]" : items.toString()),
                NormalForm.note(note),
                NormalForm.time(orderedAt == null ? Instant.now() : orderedAt));
    }
}
