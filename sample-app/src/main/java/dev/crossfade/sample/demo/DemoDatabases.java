package dev.crossfade.sample.demo;

import com.zaxxer.hikari.HikariDataSource;
import dev.crossfade.control.Databases;
import dev.crossfade.sample.storage.EmbeddedServer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** The embedded servers of one run, the service's connections to them, and the operator's own. */
final class DemoDatabases implements AutoCloseable {

    private static final int SPARE_CONNECTIONS = 8;
    private static final int OPERATOR_CONNECTIONS = 16;

    private final List<EmbeddedServer> servers;
    private final List<HikariDataSource> pools = new ArrayList<>();
    private final Databases service;
    private final Databases operator;

    private DemoDatabases(List<EmbeddedServer> servers, int writers) {
        this.servers = servers;
        this.service = databases("service", writers + SPARE_CONNECTIONS);
        this.operator = databases("operator", OPERATOR_CONNECTIONS);
    }

    /** Starts the servers of a topology, both at once where there are two. */
    static DemoDatabases start(Topology topology, int writers) {
        if (topology == Topology.ONE_DATABASE) {
            return new DemoDatabases(List.of(EmbeddedServer.start()), writers);
        }
        CompletableFuture<EmbeddedServer> second = CompletableFuture.supplyAsync(EmbeddedServer::start);
        EmbeddedServer legacy;
        try {
            legacy = EmbeddedServer.start();
        } catch (RuntimeException e) {
            second.thenAccept(EmbeddedServer::close).join();
            throw e;
        }
        try {
            return new DemoDatabases(List.of(legacy, second.join()), writers);
        } catch (CompletionException e) {
            legacy.close();
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /** Returns the pools that the service uses. */
    Databases service() {
        return service;
    }

    /** Returns the pools for the operator's commands and the checks, which are separate from the service's. */
    Databases operator() {
        return operator;
    }

    /** Returns the outage that is possible in this topology. */
    Outage outage() {
        return servers.size() > 1 ? new ServerOutage(servers.getLast()) : new LockOutage(operator.modern());
    }

    @Override
    public void close() {
        pools.forEach(HikariDataSource::close);
        servers.forEach(EmbeddedServer::close);
    }

    private Databases databases(String user, int connections) {
        HikariDataSource legacy = pool(user + "-legacy", servers.getFirst(), connections);
        return servers.size() > 1
                ? new Databases(legacy, pool(user + "-modern", servers.getLast(), connections))
                : Databases.shared(legacy);
    }

    private HikariDataSource pool(String name, EmbeddedServer server, int connections) {
        HikariDataSource pool = server.pool(name, connections);
        pools.add(pool);
        return pool;
    }
}
