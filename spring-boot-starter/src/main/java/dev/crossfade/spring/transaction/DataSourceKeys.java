package dev.crossfade.spring.transaction;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;

/**
 * The keys under which Spring may hold the connection of a transaction on one database. A transaction manager uses the
 * data source that it was given, wrapped or not. Thread-safe.
 */
final class DataSourceKeys {

    private final DataSourceKey[] keys;

    private DataSourceKeys(Collection<DataSource> keys) {
        this.keys = keys.stream().map(DataSourceKey::new).toArray(DataSourceKey[]::new);
    }

    /**
     * Returns the keys of a database.
     *
     * @param database the data source that Crossfade works with
     * @param others further data sources of the service; those that wrap the same one count too
     */
    static DataSourceKeys of(DataSource database, Collection<DataSource> others) {
        Set<DataSource> keys = new LinkedHashSet<>(layers(database));
        others.stream().filter(other -> isSame(other, database)).forEach(other -> keys.addAll(layers(other)));
        return new DataSourceKeys(keys);
    }

    /** Tells whether two data sources are the same one beneath their wrappers. */
    static boolean isSame(DataSource one, DataSource other) {
        return Objects.equals(layers(one).getLast(), layers(other).getLast());
    }

    /**
     * Returns the connection that Spring holds for a transaction on this database, and its key; null if there is none.
     */
    @Nullable
    Held held() {
        for (DataSourceKey key : keys) {
            Held held = key.held();
            if (held != null) {
                return held;
            }
        }
        return null;
    }

    /** Returns a data source and all that it wraps, outermost first. */
    private static List<DataSource> layers(DataSource outermost) {
        List<DataSource> layers = new ArrayList<>();
        DataSource layer = outermost;
        while (layer != null) {
            // Spring never holds a connection under such a proxy, only under what it wraps.
            if (!(layer instanceof TransactionAwareDataSourceProxy)) {
                layers.add(layer);
            }
            layer = layer instanceof DelegatingDataSource wrapper ? wrapper.getTargetDataSource() : null;
        }
        return layers;
    }
}
