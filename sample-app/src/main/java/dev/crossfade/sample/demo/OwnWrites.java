package dev.crossfade.sample.demo;

import dev.crossfade.sample.db.repository.DualWriteOrderRepository;
import dev.crossfade.sample.db.repository.DualWriteUserRepository;
import dev.crossfade.sample.db.repository.Order;
import dev.crossfade.sample.db.repository.User;
import dev.crossfade.sample.storage.OrderChanges;
import dev.crossfade.sample.storage.Repositories;
import dev.crossfade.sample.storage.UserChanges;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Writes to the groups that one writer has to itself, and reads about every other write back at once. */
final class OwnWrites {

    private final OwnGroups groups;
    private final Model model;
    private final RandomRecords records;
    private final Random random;
    private final Repositories repositories;
    private final DualWriteUserRepository users;
    private final DualWriteOrderRepository orders;

    OwnWrites(Workplace workplace, OwnGroups groups) {
        this.groups = groups;
        this.model = groups.model();
        this.records = workplace.records();
        this.random = workplace.random();
        this.repositories = workplace.repositories();
        this.users = repositories.users();
        this.orders = repositories.orders();
    }

    /** Rolls a transaction back. */
    private static final class ChangeOfMind extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    List<Operation> operations() {
        return List.of(
                new Operation(16, "save user", this::saveUser),
                new Operation(4, "save users", this::saveUsers),
                new Operation(8, "update user in part", this::updateUser),
                new Operation(5, "delete user", this::deleteUser),
                new Operation(10, "save order", this::saveOrder),
                new Operation(3, "save orders", this::saveOrders),
                new Operation(6, "update order in part", this::addToOrder),
                new Operation(4, "delete order", this::deleteOrder),
                new Operation(4, "transaction", this::transaction),
                new Operation(2, "transaction that deletes", this::deleteTogether),
                new Operation(2, "transaction that hands an e-mail over", this::handOver),
                new Operation(2, "transaction that is rolled back", this::rollBack));
    }

    private void saveUser() {
        long id = groups.anyUser(groups.take());
        User user = records.user(id);
        users.save(user);
        model.put(user);
        maybeCheckUser("save user", id);
    }

    private void saveUsers() {
        List<User> batch = groups.takeSome().stream()
                .map(group -> records.user(groups.anyUser(group)))
                .toList();
        users.saveAll(batch);
        batch.forEach(model::put);
        maybeCheckUser("save users", batch.getLast().accountId());
    }

    private void updateUser() {
        long id = groups.anyUser(groups.take());
        String phone = records.phone();
        String status = records.status();
        boolean updated = new UserChanges(null, phone, status).apply(repositories, id);
        groups.expect(
                "update user in part", "presence of user " + id, model.user(id).isPresent(), updated);
        model.user(id)
                .map(user -> new User(
                        id,
                        user.email(),
                        user.fullName(),
                        phone,
                        status,
                        user.preferences(),
                        user.emailVerifiedAt(),
                        user.createdAt()))
                .ifPresent(model::put);
        maybeCheckUser("update user in part", id);
    }

    private void deleteUser() {
        long id = groups.take().loner();
        boolean deleted = users.delete(id);
        groups.expect("delete user", "presence of user " + id, model.user(id).isPresent(), deleted);
        model.removeUser(id);
        maybeCheckUser("delete user", id);
    }

    private void saveOrder() {
        Group group = groups.take();
        Order order = records.order(groups.anyOrder(group));
        if (model.user(group.customer()).isPresent()) {
            orders.save(order);
        } else {
            User customer = records.user(group.customer());
            repositories.crossfade().transaction(tx -> {
                users.in(tx).save(customer);
                orders.in(tx).save(order);
                return customer;
            });
            model.put(customer);
        }
        model.put(order);
        maybeCheckOrder("save order", order.purchaseId());
    }

    private void saveOrders() {
        List<Order> batch = groups.takeSome().stream()
                .filter(group -> model.user(group.customer()).isPresent())
                .map(group -> records.order(groups.anyOrder(group)))
                .toList();
        orders.saveAll(batch);
        batch.forEach(model::put);
        batch.stream().findFirst().ifPresent(order -> maybeCheckOrder("save orders", order.purchaseId()));
    }

    private void addToOrder() {
        long id = groups.anyOrder(groups.take());
        BigDecimal more = BigDecimal.valueOf(random.nextInt(100));
        boolean updated = new OrderChanges(more).apply(repositories, id);
        groups.expect(
                "update order in part",
                "presence of order " + id,
                model.order(id).isPresent(),
                updated);
        model.order(id)
                .map(order -> new Order(
                        id,
                        order.accountId(),
                        order.reference(),
                        order.status(),
                        order.amount().add(more),
                        order.items(),
                        order.note(),
                        order.purchasedAt()))
                .ifPresent(model::put);
        maybeCheckOrder("update order in part", id);
    }

    private void deleteOrder() {
        long id = groups.anyOrder(groups.take());
        boolean deleted = orders.delete(id);
        groups.expect("delete order", "presence of order " + id, model.order(id).isPresent(), deleted);
        model.removeOrder(id);
        maybeCheckOrder("delete order", id);
    }

    private void transaction() {
        Group group = groups.take();
        User customer = records.user(group.customer());
        List<Order> both = List.of(records.order(group.order(0)), records.order(group.order(1)));
        Optional<User> seen = repositories.crossfade().transaction(tx -> {
            users.in(tx).save(customer);
            orders.in(tx).saveAll(both);
            return users.in(tx).find(customer.accountId()).map(Model::normal);
        });
        model.put(customer);
        both.forEach(model::put);
        groups.expect("transaction", "user within it", model.user(customer.accountId()), seen);
        maybeCheckOrder("transaction", group.order(1));
    }

    private void deleteTogether() {
        Group group = groups.take();
        repositories.crossfade().transaction(tx -> {
            orders.in(tx).deleteAll(List.of(group.order(0), group.order(1)));
            return users.in(tx).delete(group.customer());
        });
        model.removeOrder(group.order(0));
        model.removeOrder(group.order(1));
        model.removeUser(group.customer());
        maybeCheckUser("transaction that deletes", group.customer());
    }

    /**
     * Hands a unique value over to another record. It is free only once the first record was written, and the mirror
     * must keep that order too.
     */
    private void handOver() {
        Group group = groups.take();
        Optional<User> customer = model.user(group.customer());
        if (customer.isEmpty()) {
            return;
        }
        User renamed = records.user(group.customer());
        User heir = records.user(group.loner());
        User loner = new User(
                heir.accountId(),
                customer.get().email(),
                heir.fullName(),
                heir.phone(),
                heir.status(),
                heir.preferences(),
                heir.emailVerifiedAt(),
                heir.createdAt());
        repositories.crossfade().transaction(tx -> {
            users.in(tx).save(renamed);
            users.in(tx).save(loner);
            return loner;
        });
        model.put(renamed);
        model.put(loner);
        maybeCheckUser("transaction that hands an e-mail over", group.loner());
    }

    private void rollBack() {
        Group group = groups.take();
        User user = records.user(group.loner());
        try {
            repositories.crossfade().transaction(tx -> {
                users.in(tx).save(user);
                orders.in(tx).deleteAll(List.of(group.order(0), group.order(1)));
                throw new ChangeOfMind();
            });
        } catch (ChangeOfMind e) {
            groups.checkUser("transaction that is rolled back", group.loner());
            groups.checkOrder("transaction that is rolled back", group.order(0));
        }
    }

    private void maybeCheckUser(String operation, long id) {
        if (random.nextBoolean()) {
            groups.checkUser(operation, id);
        }
    }

    private void maybeCheckOrder(String operation, long id) {
        if (random.nextBoolean()) {
            groups.checkOrder(operation, id);
        }
    }
}
