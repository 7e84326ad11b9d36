package dev.crossfade.benchmarks.routing;

import java.lang.reflect.Proxy;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jooq.SQLDialect;
import org.jooq.tools.jdbc.DefaultConnection;
import org.jooq.tools.jdbc.DefaultPreparedStatement;
import org.jooq.tools.jdbc.DefaultResultSet;
import org.jooq.tools.jdbc.MockArray;
import org.jspecify.annotations.Nullable;

/**
 * A connection whose statements succeed as soon as they run. Those that lock rows find every row they ask for, and the
 * others return none. Its statements are created once, so that nearly all allocations are the caller's. For one
 * thread, one statement at a time, and keys of one column; refuses what routed writes do not use.
 */
final class InstantConnection extends DefaultConnection {

    private static final String LOCKS = "for no key update";

    private final Map<String, InstantStatement> statements = new LinkedHashMap<>();
    private boolean autoCommit = true;

    InstantConnection() {
        super(refusing(Connection.class));
    }

    /** Returns the SQL of all statements so far, in the order of their first use. */
    Set<String> statements() {
        return Collections.unmodifiableSet(statements.keySet());
    }

    @Override
    public PreparedStatement prepareStatement(String sql) {
        InstantStatement known = statements.get(sql);
        if (known == null) {
            known = new InstantStatement(sql.contains(LOCKS));
            statements.put(sql, known);
        }
        return known;
    }

    @Override
    public Array createArrayOf(String typeName, Object[] elements) {
        return new MockArray<>(SQLDialect.POSTGRES, elements, Object[].class);
    }

    @Override
    public boolean getAutoCommit() {
        return autoCommit;
    }

    @Override
    public void setAutoCommit(boolean autoCommit) {
        this.autoCommit = autoCommit;
    }

    @Override
    public void commit() {}

    @Override
    public boolean isClosed() {
        return false;
    }

    /** There is no driver beneath it. */
    @Override
    public boolean isWrapperFor(Class<?> type) {
        return false;
    }

    /** Returns to its pool, which leaves no transaction open. */
    @Override
    public void close() {
        autoCommit = true;
    }

    /** Returns an object that refuses every call, so that nothing is answered by mistake. */
    private static <T> T refusing(Class<T> type) {
        Object refusing =
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, values) -> {
                    throw new UnsupportedOperationException("The benchmark's database has no answer to "
                            + type.getSimpleName() + "." + method.getName() + ". Add one to InstantConnection.");
                });
        return type.cast(refusing);
    }

    private static final class InstantStatement extends DefaultPreparedStatement {

        private final @Nullable InstantRows rows;
        private final @Nullable Object[] alone = new @Nullable Object[1];

        InstantStatement(boolean locks) {
            super(refusing(PreparedStatement.class));
            this.rows = locks ? new InstantRows() : null;
        }

        @Override
        public void setArray(int index, Array values) throws SQLException {
            if (rows != null) {
                rows.answer((Object[]) values.getArray());
            }
        }

        @Override
        public void setString(int index, @Nullable String value) {
            if (rows != null) {
                alone[0] = value;
                rows.answer(alone);
            }
        }

        @Override
        public void setObject(int index, @Nullable Object value) {}

        @Override
        public boolean execute() {
            return rows != null;
        }

        @Override
        public @Nullable ResultSet getResultSet() {
            return rows;
        }

        @Override
        public boolean getMoreResults(int current) {
            return false;
        }

        @Override
        public int getUpdateCount() {
            return -1;
        }

        @Override
        public void close() {}
    }

    /** The keys that were asked for, as rows. */
    private static final class InstantRows extends DefaultResultSet {

        private @Nullable Object[] keys = {};
        private int row = -1;

        InstantRows() {
            super(refusing(ResultSet.class));
        }

        void answer(@Nullable Object[] asked) {
            keys = asked;
            row = -1;
        }

        @Override
        public boolean next() {
            row++;
            return row < keys.length;
        }

        @Override
        public String getString(int column) {
            return String.valueOf(keys[row]);
        }
    }
}
