package dev.crossfade.check;

import dev.crossfade.control.Databases;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.Side;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jooq.Name;

/**
 * The catalogs of both sides' databases.
 *
 * @param legacy the catalog of the legacy side's database
 * @param modern the catalog of the modern side's database; the same object if both schemas share a database
 */
public record Catalogs(Catalog legacy, Catalog modern) {

    /**
     * Reads some tables of each side.
     *
     * @throws dev.crossfade.model.UnavailableException if a database cannot be reached or used
     */
    public static Catalogs read(Databases databases, Collection<Name> legacy, Collection<Name> modern) {
        if (databases.areShared()) {
            List<Name> both = new ArrayList<>(legacy);
            both.addAll(modern);
            Catalog catalog = Catalog.read(databases.legacy(), both);
            return new Catalogs(catalog, catalog);
        }
        return new Catalogs(Catalog.read(databases.legacy(), legacy), Catalog.read(databases.modern(), modern));
    }

    /** Returns one side's catalog. */
    public Catalog of(Side side) {
        return side == Side.LEGACY ? legacy : modern;
    }

    /**
     * Returns the table that a mapping names on one side. In a column mapping both sides' columns are in the legacy
     * database.
     */
    public Optional<LiveTable> table(TableMapping mapping, Side side) {
        Side where = mapping.kind() == TableMapping.Kind.COLUMN ? Side.LEGACY : side;
        return of(where).table(mapping.relation(side).qualifiedName());
    }
}
