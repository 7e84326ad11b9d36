package dev.crossfade.testing;

import dev.crossfade.model.Side;

/** Ways in which a mirror is unavailable for some time. */
public enum MirrorOutage {
    /** Its server is down. */
    SERVER_DOWN,
    /** Its table is missing. */
    TABLE_AWAY,
    /** Its table is locked by somebody. */
    TABLE_LOCKED;

    /** Ends it. */
    @FunctionalInterface
    public interface End extends AutoCloseable {

        @Override
        void close();
    }

    /**
     * Makes the mirror of the users unavailable until the result is closed.
     *
     * @param server the mirror's, used only where it is to be down
     */
    public End begin(World world, Side mirror, StoppableServer server) {
        TestDatabase database = world.of(mirror);
        String schema = mirror == Side.LEGACY ? "legacy" : "modern";
        String table = mirror == Side.LEGACY ? "users" : "accounts";
        return switch (this) {
            case SERVER_DOWN -> {
                server.stop();
                yield server::start;
            }
            case TABLE_AWAY -> {
                database.execute("alter table %s.%s rename to elsewhere".formatted(schema, table));
                yield () -> database.execute("alter table %s.elsewhere rename to %s".formatted(schema, table));
            }
            case TABLE_LOCKED -> {
                TestDatabase.Session session = database.session();
                session.execute("begin; lock table %s.%s in access exclusive mode".formatted(schema, table));
                yield session::close;
            }
        };
    }
}
