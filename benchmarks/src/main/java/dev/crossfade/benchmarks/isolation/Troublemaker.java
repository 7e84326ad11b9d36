package dev.crossfade.benchmarks.isolation;

import java.sql.SQLException;

/** Makes the mirror slow or silent, in the way of its topology. Used by one thread. */
interface Troublemaker extends AutoCloseable {

    /** Begins {@link Trouble#SLOW}, {@link Trouble#HUNG} or {@link Trouble#REFUSING}. */
    void begin(Trouble trouble) throws SQLException;

    /** Ends it and frees everyone who waits because of it. */
    void end() throws SQLException;

    @Override
    default void close() throws SQLException {
        end();
    }
}
