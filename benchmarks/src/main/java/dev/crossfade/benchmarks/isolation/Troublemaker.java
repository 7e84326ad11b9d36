package dev.crossfade.benchmarks.isolation;

import java.sql.SQLException;

/** Puts the mirror into trouble, in the way of its topology. For one thread. */
interface Troublemaker extends AutoCloseable {

    /** Begins {@link Trouble#SLOW}, {@link Trouble#HUNG} or {@link Trouble#REFUSING}. */
    void begin(Trouble trouble) throws SQLException;

    /** Ends the trouble and releases everybody who waits because of it. */
    void end() throws SQLException;

    @Override
    default void close() throws SQLException {
        end();
    }
}
