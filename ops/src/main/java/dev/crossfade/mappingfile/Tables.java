package dev.crossfade.mappingfile;

import dev.crossfade.check.Catalog;
import dev.crossfade.check.Catalogs;
import dev.crossfade.check.LiveTable;
import dev.crossfade.mapping.TableMapping.Kind;
import dev.crossfade.mappingfile.Declaration.Written;
import dev.crossfade.model.Side;
import java.util.List;
import java.util.Optional;
import org.jooq.Name;

/**
 * The tables of one entity, as found in the catalog.
 *
 * @param legacy the legacy table
 * @param modern the modern table; in a column mapping the same one
 */
record Tables(Found legacy, Found modern) {

    /** A table's name and, if it exists, its catalog entry. */
    record Found(Name name, Optional<LiveTable> live) {}

    static Tables of(Declaration declaration, Catalogs catalogs) {
        Found legacy = find(declaration.legacy(), catalogs.legacy());
        return new Tables(
                legacy, declaration.kind() == Kind.COLUMN ? legacy : find(declaration.modern(), catalogs.modern()));
    }

    Found of(Side side) {
        return side == Side.LEGACY ? legacy : modern;
    }

    /**
     * Tells whether a table of either side refers to a table of {@code parent}, within one schema or across schemas.
     */
    boolean referTo(Tables parent) {
        return List.of(legacy, modern).stream()
                .flatMap(found -> found.live.stream())
                .flatMap(live -> live.foreignKeys().stream())
                .anyMatch(key -> key.referenced().equals(parent.legacy.name)
                        || key.referenced().equals(parent.modern.name));
    }

    private static Found find(Written written, Catalog catalog) {
        List<Name> names = SqlName.table(written.text());
        Name name = names.stream()
                .filter(one -> catalog.table(one).isPresent())
                .findFirst()
                .orElse(names.getFirst());
        return new Found(name, catalog.table(name));
    }
}
