package dev.crossfade.sample.demo;

import dev.crossfade.sample.db.repository.DualWriteOrderRepository;
import dev.crossfade.sample.db.repository.DualWriteUserRepository;
import dev.crossfade.sample.db.repository.User;
import dev.crossfade.sample.storage.OrderChanges;
import dev.crossfade.sample.storage.Repositories;
import dev.crossfade.sample.storage.UserChanges;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Writes to the few groups that all writers use, so that writers collide. Their customers are never deleted, because
 * another writer may be saving an order of theirs. No operation locks several of their records in its own order, so
 * there is no deadlock.
 */
final class HotWrites {

    private final RandomRecords records;
    private final Random random;
    private final Repositories repositories;
    private final DualWriteUserRepository users;
    private final DualWriteOrderRepository orders;
    private final Counters counters;

    HotWrites(Workplace workplace, Counters counters) {
        this.records = workplace.records();
        this.random = workplace.random();
        this.repositories = workplace.repositories();
        this.users = repositories.users();
        this.orders = repositories.orders();
        this.counters = counters;
    }

    List<Operation> operations() {
        return List.of(
                new Operation(4, "save hot user", () -> users.save(records.user(anyUser()))),
                new Operation(1, "save hot users", this::saveUsers),
                new Operation(4, "update hot user in part", this::updateUser),
                new Operation(3, "delete hot user", () -> users.delete(group(1).loner())),
                new Operation(3, "find hot user", () -> users.find(anyUser())),
                new Operation(3, "save hot order", () -> orders.save(records.order(anyOrder()))),
                new Operation(3, "update hot order in part", this::addToOrder),
                new Operation(2, "delete hot order", () -> orders.delete(anyOrder())),
                new Operation(3, "count up", this::countUp));
    }

    private void saveUsers() {
        List<User> batch = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            batch.add(records.user(anyUser()));
        }
        users.saveAll(batch);
    }

    private void updateUser() {
        new UserChanges(null, records.phone(), records.status()).apply(repositories, anyUser());
    }

    private void addToOrder() {
        new OrderChanges(BigDecimal.TEN).apply(repositories, anyOrder());
    }

    private void countUp() {
        long order = new Group(1 + random.nextInt(Group.COUNTED)).order(random.nextInt(2));
        try {
            if (new OrderChanges(BigDecimal.ONE).apply(repositories, order)) {
                counters.countedUp(order);
            }
        } catch (RuntimeException e) {
            counters.unclear(order);
            throw e;
        }
    }

    private long anyUser() {
        Group group = group(1);
        return random.nextBoolean() ? group.loner() : group.customer();
    }

    private long anyOrder() {
        return group(Group.COUNTED + 1).order(random.nextInt(2));
    }

    private Group group(int from) {
        return new Group(from + random.nextInt(Group.HOT - from + 1));
    }
}
