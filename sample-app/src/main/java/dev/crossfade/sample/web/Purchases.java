package dev.crossfade.sample.web;

import dev.crossfade.model.HeartbeatLostException;
import dev.crossfade.model.StageMovedException;
import dev.crossfade.sample.db.repository.Order;
import dev.crossfade.sample.db.repository.User;
import dev.crossfade.sample.storage.Repositories;
import java.util.List;
import org.springframework.resilience.annotation.Retryable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Changes of users and orders together. */
@Service
class Purchases {

    private final Repositories repositories;

    Purchases(Repositories repositories) {
        this.repositories = repositories;
    }

    /** Saves a user and some of their orders, all or nothing. */
    @Retryable(
            includes = {StageMovedException.class, HeartbeatLostException.class},
            maxRetries = 20,
            delay = 250)
    @Transactional
    public void save(User user, List<Order> orders) {
        repositories.users().save(user);
        repositories.orders().saveAll(orders);
    }
}
