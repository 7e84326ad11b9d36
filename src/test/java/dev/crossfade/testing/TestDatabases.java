package dev.crossfade.testing;

import dev.crossfade.control.Databases;

/**
 * Fresh databases on the server that this JVM's tests share: the one named by {@code CROSSFADE_TEST_URL}, else a
 * container where a container engine answers, else the embedded server.
 */
public final class TestDatabases {

    private TestDatabases() {}

    /** Creates an empty database; the caller closes it. */
    public static TestDatabase create() {
        return TestServers.shared().createDatabase();
    }

    /** Creates an empty database that stores texts in an encoding of its own, such as LATIN1; the caller closes it. */
    public static TestDatabase createIn(String encoding) {
        return TestServers.shared().createDatabaseIn(encoding);
    }

    /** Creates an empty database for each side; the caller closes the pair. */
    public static Pair createPair() {
        return new Pair(create(), create());
    }

    /** The topology of two databases. */
    public record Pair(TestDatabase legacy, TestDatabase modern) implements AutoCloseable {

        /** Returns one database per side. */
        public Databases databases() {
            return new Databases(legacy.dataSource(), modern.dataSource());
        }

        /** Drops both databases. */
        @Override
        public void close() {
            try (legacy) {
                modern.close();
            }
        }
    }
}
