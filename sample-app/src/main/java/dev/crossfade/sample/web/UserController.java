package dev.crossfade.sample.web;

import dev.crossfade.sample.db.repository.DualWriteUserRepository;
import dev.crossfade.sample.db.repository.Order;
import dev.crossfade.sample.db.repository.User;
import dev.crossfade.sample.storage.NormalForm;
import dev.crossfade.sample.storage.Repositories;
import dev.crossfade.sample.storage.UserChanges;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Users over HTTP. */
@RestController
@RequestMapping("/users")
class UserController {

    private final Repositories repositories;
    private final DualWriteUserRepository users;
    private final Purchases purchases;

    UserController(Repositories repositories, Purchases purchases) {
        this.repositories = repositories;
        this.users = repositories.users();
        this.purchases = purchases;
    }

    /** New values of some fields; fields that are left out stay unchanged. */
    record Patch(
            @Nullable String fullName,
            @Nullable String phone,
            @Nullable String status) {}

    /** A user with some of their orders. */
    record WithOrders(UserView user, List<OrderView> orders) {}

    @GetMapping("/{id}")
    UserView find(@PathVariable long id) {
        return users.find(id).map(UserView::of).orElseThrow(() -> new NotFoundException("user " + id));
    }

    @GetMapping(params = "email")
    UserView findByEmail(@RequestParam String email) {
        return users.findByEmail(NormalForm.email(email))
                .map(UserView::of)
                .orElseThrow(() -> new NotFoundException("user with this e-mail address"));
    }

    @GetMapping(params = "!email")
    List<UserView> page(@RequestParam @Nullable Long after, @RequestParam(defaultValue = "50") int limit) {
        Pages.check(limit);
        return users.page(after, limit).stream().map(UserView::of).toList();
    }

    @PutMapping("/{id}")
    UserView save(@PathVariable long id, @RequestBody UserView body) {
        Problems problems = new Problems();
        User user = body.toUser(id, problems, "");
        problems.throwIfAny();
        users.save(user);
        return UserView.of(user);
    }

    @PostMapping("/batch")
    List<UserView> saveAll(@RequestBody List<UserView> bodies) {
        Problems problems = new Problems();
        Pages.checkBatch(bodies.size());
        List<User> batch = new ArrayList<>();
        for (int i = 0; i < bodies.size(); i++) {
            UserView body = bodies.get(i);
            String where = "[%d].".formatted(i);
            problems.require(body.id() != null, where + "id", "is missing");
            batch.add(body.toUser(body.id() == null ? 0 : body.id(), problems, where));
        }
        problems.throwIfAny();
        users.saveAll(batch);
        return batch.stream().map(UserView::of).toList();
    }

    @PatchMapping("/{id}")
    UserView update(@PathVariable long id, @RequestBody Patch patch) {
        Problems problems = new Problems();
        String status = patch.status();
        problems.require(
                status == null || status.matches(UserView.STATUSES), "status", "is not one of " + UserView.STATUSES);
        UserChanges changes =
                new UserChanges(NormalForm.name(patch.fullName()), NormalForm.phone(patch.phone()), status);
        problems.require(!changes.isEmpty(), "fullName, phone, status", "are all missing or blank");
        problems.throwIfAny();
        if (!changes.apply(repositories, id)) {
            throw new NotFoundException("user " + id);
        }
        return find(id);
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(@PathVariable long id) {
        if (!users.delete(id)) {
            throw new NotFoundException("user " + id);
        }
    }

    /** Saves a user and some of their orders in one transaction, all or nothing. */
    @PostMapping("/{id}/orders")
    WithOrders saveWithOrders(@PathVariable long id, @RequestBody WithOrders body) {
        Problems problems = new Problems();
        Pages.checkBatch(body.orders().size());
        User user = body.user().toUser(id, problems, "user.");
        List<Order> theirs = new ArrayList<>();
        for (int i = 0; i < body.orders().size(); i++) {
            OrderView order = body.orders().get(i).ofUser(id);
            String where = "orders[%d].".formatted(i);
            problems.require(order.id() != null, where + "id", "is missing");
            theirs.add(order.toOrder(order.id() == null ? 0 : order.id(), problems, where));
        }
        problems.throwIfAny();
        purchases.save(user, theirs);
        return new WithOrders(
                UserView.of(user), theirs.stream().map(OrderView::of).toList());
    }
}
