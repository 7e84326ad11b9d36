package dev.crossfade.routing;

import dev.crossfade.control.Databases;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.queue.PendingKeys;
import dev.crossfade.read.Tenants;
import dev.crossfade.stages.Stages;
import java.util.Set;
import java.util.function.Consumer;

/** The routing layer of one {@code Crossfade}, for which alone it is public: makes its router, and ends it. */
public final class RoutingLayer implements AutoCloseable {

    private final EntityRouter router;

    /** Makes the router. */
    public RoutingLayer(
            Databases databases, Stages stages, PendingKeys pending, RoutingSettings settings, Wiring wiring) {
        this.router = new EntityRouter(databases, stages, pending, settings, wiring);
    }

    /**
     * Whom a router tells what.
     *
     * @param registration told each entity's mapping before it is first used
     * @param listener told what happens
     * @param tenants asked whose record a key is
     * @param ambientTransactions where repositories find the transaction that they are called in
     * @param usedTogether told the entities that a transaction used, which may have written, where they are more than
     *     one
     */
    public record Wiring(
            Consumer<TableMapping> registration,
            RoutingListener listener,
            Tenants tenants,
            AmbientTransactions ambientTransactions,
            Consumer<Set<String>> usedTogether) {}

    /** Returns what repositories are made with. */
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
