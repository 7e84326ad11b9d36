package dev.crossfade.benchmarks.isolation;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.List;
import javax.sql.DataSource;

/**
 * Wraps a data source. While it is armed, every statement that names a mirror's table throws an {@link Error}, as a
 * driver with a missing class would. Thread-safe.
 */
final class ThrowingDriver {

    private final List<String> tables;
    private volatile boolean armed;

    /** Creates a driver that throws for statements with one of the names. */
    ThrowingDriver(List<String> tables) {
        this.tables = List.copyOf(tables);
    }

    void arm(boolean on) {
        armed = on;
    }

    /** Returns a data source to use in place of another. */
    DataSource before(DataSource database) {
        return proxy(DataSource.class, (self, method, arguments) -> {
            Object result = call(database, method, arguments);
            return result instanceof Connection connection ? before(connection) : result;
        });
    }

    private Connection before(Connection connection) {
        return proxy(Connection.class, (self, method, arguments) -> {
            if (armed
                    && arguments != null
                    && arguments.length > 0
                    && arguments[0] instanceof String sql
                    && tables.stream().anyMatch(sql::contains)) {
                throw new NoClassDefFoundError("thrown by the benchmark");
            }
            return call(connection, method, arguments);
        });
    }

    private static Object call(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
