package dev.crossfade.sample.web;

import dev.crossfade.sample.db.repository.DualWriteOrderRepository;
import dev.crossfade.sample.db.repository.Order;
import dev.crossfade.sample.storage.NormalForm;
import dev.crossfade.sample.storage.OrderChanges;
import dev.crossfade.sample.storage.Repositories;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

/** Orders over HTTP. */
@RestController
@RequestMapping("/orders")
class OrderController {

    private final Repositories repositories;
    private final DualWriteOrderRepository orders;

    OrderController(Repositories repositories) {
        this.repositories = repositories;
        this.orders = repositories.orders();
    }

    /** A change of the amount, whatever it is. */
    record Patch(@Nullable BigDecimal surcharge) {}

    @GetMapping("/{id}")
    OrderView find(@PathVariable long id) {
        return orders.find(id).map(OrderView::of).orElseThrow(() -> new NotFoundException("order " + id));
    }

    @GetMapping(params = "reference")
    OrderView findByReference(@RequestParam String reference) {
        return orders.findByReference(NormalForm.reference(reference))
                .map(OrderView::of)
                .orElseThrow(() -> new NotFoundException("order with this reference"));
    }

    @GetMapping(params = "!reference")
    List<OrderView> page(@RequestParam @Nullable Long after, @RequestParam(defaultValue = "50") int limit) {
        Pages.check(limit);
        return orders.page(after, limit).stream().map(OrderView::of).toList();
    }

    @PutMapping("/{id}")
    OrderView save(@PathVariable long id, @RequestBody OrderView body) {
        Problems problems = new Problems();
        Order order = body.toOrder(id, problems, "");
        problems.throwIfAny();
        orders.save(order);
        return OrderView.of(order);
    }

    @PostMapping("/batch")
    List<OrderView> saveAll(@RequestBody List<OrderView> bodies) {
        Problems problems = new Problems();
        Pages.checkBatch(bodies.size());
        List<Order> batch = new ArrayList<>();
        for (int i = 0; i < bodies.size(); i++) {
            OrderView body = bodies.get(i);
            String where = "[%d].".formatted(i);
            problems.require(body.id() != null, where + "id", "is missing");
            batch.add(body.toOrder(body.id() == null ? 0 : body.id(), problems, where));
        }
        problems.throwIfAny();
        orders.saveAll(batch);
        return batch.stream().map(OrderView::of).toList();
    }

    @PatchMapping("/{id}")
    OrderView update(@PathVariable long id, @RequestBody Patch patch) {
        BigDecimal surcharge = patch.surcharge();
        if (surcharge == null) {
            throw new InvalidRequestException(Map.of("surcharge", "is missing"));
        }
        if (!new OrderChanges(NormalForm.amount(surcharge)).apply(repositories, id)) {
            throw new NotFoundException("order " + id);
        }
        return find(id);
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(@PathVariable long id) {
        if (!orders.delete(id)) {
            throw new NotFoundException("order " + id);
        }
    }
}
