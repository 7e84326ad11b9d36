package dev.crossfade.sample.demo;

import dev.crossfade.sample.db.repository.Order;
import dev.crossfade.sample.db.repository.User;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The expected records of one writer's own groups, by the answers that the writer got: a key is present with a record,
 * or known to be absent. Not thread-safe.
 */
final class Model {

    private final Map<Long, Optional<User>> users = new HashMap<>();
    private final Map<Long, Optional<Order>> orders = new HashMap<>();
    private final Set<Group> known = new HashSet<>();
    private final Set<Group> touched = new HashSet<>();

    /** Tells whether the state of a group is known. */
    boolean knows(Group group) {
        return known.contains(group);
    }

    /** Returns the groups that were used at all. */
    Set<Group> touched() {
        return touched;
    }

    Map<Long, Optional<User>> users() {
        return users;
    }

    Map<Long, Optional<Order>> orders() {
        return orders;
    }

    Optional<User> user(long id) {
        return users.getOrDefault(id, Optional.empty());
    }

    Optional<Order> order(long id) {
        return orders.getOrDefault(id, Optional.empty());
    }

    /** Starts to track a group, all of whose keys are absent until they are put. */
    void begin(Group group) {
        touched.add(group);
        known.add(group);
        users.put(group.loner(), Optional.empty());
        users.put(group.customer(), Optional.empty());
        orders.put(group.order(0), Optional.empty());
        orders.put(group.order(1), Optional.empty());
    }

    /** Stops tracking a group, after an operation on it failed and may or may not have been done. */
    void forget(Group group) {
        known.remove(group);
        users.remove(group.loner());
        users.remove(group.customer());
        orders.remove(group.order(0));
        orders.remove(group.order(1));
    }

    void put(User user) {
        users.put(user.accountId(), Optional.of(normal(user)));
    }

    void put(Order order) {
        orders.put(order.purchaseId(), Optional.of(normal(order)));
    }

    void removeUser(long id) {
        users.put(id, Optional.empty());
    }

    void removeOrder(long id) {
        orders.put(id, Optional.empty());
    }

    /** Returns a user whose times are in UTC, so that equal ones are equal records. */
    static User normal(User user) {
        return new User(
                user.accountId(),
                user.email(),
                user.fullName(),
                user.phone(),
                user.status(),
                user.preferences(),
                user.emailVerifiedAt() == null ? null : user.emailVerifiedAt().withOffsetSameInstant(ZoneOffset.UTC),
                user.createdAt().withOffsetSameInstant(ZoneOffset.UTC));
    }

    /** Returns an order whose time is in UTC, so that equal ones are equal records. */
    static Order normal(Order order) {
        return new Order(
                order.purchaseId(),
                order.accountId(),
                order.reference(),
                order.status(),
                order.amount(),
                order.items(),
                order.note(),
                order.purchasedAt().withOffsetSameInstant(ZoneOffset.UTC));
    }
}
