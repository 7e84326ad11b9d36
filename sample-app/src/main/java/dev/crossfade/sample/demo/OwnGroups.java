package dev.crossfade.sample.demo;

import dev.crossfade.sample.db.repository.Order;
import dev.crossfade.sample.db.repository.User;
import dev.crossfade.sample.storage.Repositories;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * Reads of the groups that one writer has to itself. Nobody else writes them, so every answer is known in advance: it
 * follows from the writer's last write or first read.
 */
final class OwnGroups {

    private static final int PAGE = 20;

    private final Workplace workplace;
    private final Repositories repositories;
    private final Random random;
    private final Share share;
    private final Model model = new Model();
    private final List<Group> inHand = new ArrayList<>();

    OwnGroups(Workplace workplace, Share share) {
        this.workplace = workplace;
        this.repositories = workplace.repositories();
        this.random = workplace.random();
        this.share = share;
    }

    Model model() {
        return model;
    }

    List<Operation> reads() {
        return List.of(
                new Operation(12, "find user", () -> checkUser("find user", anyUser(take()))),
                new Operation(8, "find order", () -> checkOrder("find order", anyOrder(take()))),
                new Operation(6, "find user by e-mail", this::findByEmail),
                new Operation(4, "find order by reference", this::findByReference),
                new Operation(2, "find several users", this::findSeveral),
                new Operation(2, "page through users", this::page));
    }

    /** Takes a group to work on; its state is known then. */
    Group take() {
        inHand.clear();
        return takeToo(share.pick(random));
    }

    /** Takes a few groups to work on. */
    Set<Group> takeSome() {
        inHand.clear();
        Set<Group> groups = share.pickSome(random);
        groups.forEach(this::takeToo);
        return groups;
    }

    /** An operation failed, so the state of the groups taken is no longer known. */
    void giveUp() {
        inHand.forEach(model::forget);
        inHand.clear();
    }

    long anyUser(Group group) {
        return random.nextBoolean() ? group.loner() : group.customer();
    }

    long anyOrder(Group group) {
        return group.order(random.nextInt(2));
    }

    /** Reads a user and reports whatever differs from what was written. */
    void checkUser(String operation, long id) {
        Optional<User> found = repositories.users().find(id).map(Model::normal);
        expect(operation, "user " + id, model.user(id), found);
    }

    /** Reads an order and reports whatever differs from what was written. */
    void checkOrder(String operation, long id) {
        Optional<Order> found = repositories.orders().find(id).map(Model::normal);
        expect(operation, "order " + id, model.order(id), found);
    }

    /** Reports an answer that is not the expected one. */
    void expect(String operation, String what, Object expected, Object seen) {
        if (!Objects.equals(expected, seen)) {
            workplace.ledger().violated(operation, "%s: expected %s, saw %s".formatted(what, expected, seen));
        }
    }

    private Group takeToo(Group group) {
        inHand.add(group);
        if (!model.knows(group)) {
            model.begin(group);
            repositories
                    .users()
                    .findAll(List.of(group.loner(), group.customer()))
                    .forEach(model::put);
            repositories
                    .orders()
                    .findAll(List.of(group.order(0), group.order(1)))
                    .forEach(model::put);
        }
        return group;
    }

    private void findByEmail() {
        long id = anyUser(take());
        model.user(id)
                .ifPresent(user -> expect(
                        "find user by e-mail",
                        "user " + id,
                        Optional.of(user),
                        repositories.users().findByEmail(user.email()).map(Model::normal)));
    }

    private void findByReference() {
        long id = anyOrder(take());
        model.order(id)
                .ifPresent(order -> expect(
                        "find order by reference",
                        "order " + id,
                        Optional.of(order),
                        repositories.orders().findByReference(order.reference()).map(Model::normal)));
    }

    private void findSeveral() {
        List<Long> ids = takeSome().stream().map(this::anyUser).toList();
        List<User> found = repositories.users().findAll(ids);
        for (long id : ids) {
            expect("find several users", "user " + id, model.user(id), user(found, id));
        }
    }

    private void page() {
        Group first = take();
        List<User> page = repositories.users().page(first.loner() - 1, PAGE);
        long last = page.size() < PAGE ? Long.MAX_VALUE : page.getLast().accountId();
        List<Long> ids = page.stream().map(User::accountId).toList();
        expect(
                "page through users",
                "order of the page",
                ids.stream().sorted().distinct().toList(),
                ids);
        for (long id = first.loner(); id <= Math.min(last, first.loner() + PAGE); id++) {
            if (model.knows(Group.ofUser(id))) {
                expect("page through users", "user " + id, model.user(id), user(page, id));
            }
        }
    }

    private static Optional<User> user(Collection<User> users, long id) {
        return users.stream().filter(user -> user.accountId() == id).findFirst().map(Model::normal);
    }
}
