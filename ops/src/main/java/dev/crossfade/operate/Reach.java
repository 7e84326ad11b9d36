package dev.crossfade.operate;

import dev.crossfade.connection.ConnectionCheck;
import dev.crossfade.connection.ConnectionPools;
import dev.crossfade.control.Databases;
import dev.crossfade.model.RefusedException;
import dev.crossfade.model.Side;
import dev.crossfade.model.UnavailableException;
import dev.crossfade.settings.DatabaseSettings;
import dev.crossfade.settings.Settings;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The databases that the settings name, and how they are reached.
 *
 * @param versions the version of each server that answers
 * @param modernTrouble why the modern database cannot be used, empty if it can
 * @param pooled the sides that are behind a pooler in transaction mode
 */
record Reach(
        Settings settings,
        ConnectionPools pools,
        Map<Side, String> versions,
        Optional<UnavailableException> modernTrouble,
        Set<Side> pooled)
        implements AutoCloseable {

    /**
     * Connects. The modern database need not answer.
     *
     * @throws UnavailableException if the legacy database cannot be used
     */
    static Reach connect(Settings settings, String applicationName, int poolSize) {
        Map<Side, String> versions = new EnumMap<>(Side.class);
        Set<Side> pooled = EnumSet.noneOf(Side.class);
        ask(Side.LEGACY, settings.legacy(), applicationName, versions, pooled);
        Optional<UnavailableException> trouble = Optional.empty();
        if (settings.modern().isPresent()) {
            try {
                ask(Side.MODERN, settings.modern().get(), applicationName, versions, pooled);
            } catch (UnavailableException e) {
                trouble = Optional.of(e);
            }
        }
        return new Reach(
                settings, new ConnectionPools(settings, applicationName, poolSize, pooled), versions, trouble, pooled);
    }

    private static void ask(
            Side side,
            DatabaseSettings database,
            String applicationName,
            Map<Side, String> versions,
            Set<Side> pooled) {
        ConnectionCheck check = new ConnectionCheck(side, database);
        versions.put(side, check.run(applicationName));
        if (check.isPooled()) {
            pooled.add(side);
        }
    }

    /**
     * Returns the databases of both sides.
     *
     * @throws UnavailableException if the modern one cannot be used
     */
    Databases databases() {
        modernTrouble.ifPresent(trouble -> {
            throw trouble;
        });
        return pools.databases();
    }

    /** Returns the databases that answer: the legacy one for both where the modern one does not. */
    Databases answering() {
        return modernTrouble.isEmpty()
                ? pools.databases()
                : Databases.shared(pools.databases().legacy());
    }

    /** Returns the version of a side's server, empty if it is not known. */
    Optional<String> version(Side side) {
        return Optional.ofNullable(versions.get(settings.modern().isEmpty() ? Side.LEGACY : side));
    }

    /** Returns a line for each database behind a pooler in transaction mode. */
    List<String> poolers() {
        return pooled.stream().map(this::pooler).toList();
    }

    private String pooler(Side side) {
        DatabaseSettings database =
                side == Side.LEGACY ? settings.legacy() : settings.modern().orElseThrow();
        return "The %s database at %s is reached through a pooler in transaction mode, such as PgBouncer, so nothing is prepared there (prepareThreshold=0). Connect to the server itself where you can; a service needs that too, or prepareThreshold=0 in its JDBC URL."
                .formatted(side.label(), database.location());
    }

    /**
     * Makes sure that no pooler shares the server's sessions.
     *
     * @param command the command that holds a lock from one transaction to the next
     * @throws RefusedException if a pooler in transaction mode is in between
     */
    void requireOwnSessions(String command) {
        if (!pooled.isEmpty()) {
            throw new RefusedException(
                    "`crossfade %s` holds a lock in a session of its own, and there is none behind a pooler in transaction mode; prepareThreshold=0 does not help here. Name the server's own host and port, or the pooler's in session mode."
                            .formatted(command));
        }
    }

    @Override
    public void close() {
        pools.close();
    }
}
