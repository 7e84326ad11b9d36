package dev.crossfade.routing;

import dev.crossfade.control.Databases;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.queue.PendingKeys;
import dev.crossfade.read.Tenants;
import dev.crossfade.stages.Stages;
import java.util.Set;
import java.util.function.Consumer;

/** The routing layer of one {@code Crossfade}: creates its router and closes it. Public only for {@code Crossfade}. */
public final class RoutingLayer implements AutoCloseable {

    private final EntityRouter router;

    /** Creates the router. */
    public RoutingLayer(
            Databases databases, Stages stages, PendingKeys pending, RoutingSettings settings, Wiring wiring) {
        this.router = new EntityRouter(databases, stages, pending, settings, wiring);
    }

    /**
     * The router's callbacks.
     *
     * @param registration called with each entity's mapping before its first use
     * @param listener hears what happens
     * @param tenants finds the tenant of a key
     * @param ambientTransactions finds the framework's transaction of a call
     * @param usedTogether called with the entities of a transaction that may have written, if there were several
     */
    public record Wiring(
            Consumer<TableMapping> registration,
            RoutingListener listener,
            Tenants tenants,
            AmbientTransactions ambientTransactions,
            Consumer<Set<String>> usedTogether) {}

    /** Returns the router, with which repositories are created. */
    public Router router() {
        return router;
    }

    /**
     * Tells whether the calling thread has a transaction open that has written an entity: one of ours, one that was
     * joined, or its framework's. Whoever waits in that thread for the entity's writers waits for itself.
     */
    public boolean isWrittenHere(String entity) {
        return router.isWrittenHere(entity);
    }

    /** Ends the comparing of reads, and stores what saves have lost. */
    @Override
    public void close() {
        router.close();
    }
}
