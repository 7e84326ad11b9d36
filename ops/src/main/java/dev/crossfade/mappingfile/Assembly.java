package dev.crossfade.mappingfile;

import dev.crossfade.check.Catalogs;
import dev.crossfade.check.Finding;
import dev.crossfade.control.Databases;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.mapping.TableMapping.Kind;
import dev.crossfade.mappingfile.Declaration.Written;
import dev.crossfade.model.Side;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jooq.Name;

/**
 * Turns declarations into mappings. It looks their names up in the live tables and takes the columns' types from
 * there. What does not exist keeps its name and gets no type; the check of the mapping reports it.
 */
final class Assembly {

    private final Databases databases;
    private final FileNotes notes;

    Assembly(Databases databases, FileNotes notes) {
        this.databases = databases;
        this.notes = notes;
    }

    /** Returns the mappings whose table names are valid; notes the others. */
    List<TableMapping> mappings(List<Declaration> declarations) {
        List<Declaration> named = declarations.stream().filter(this::hasNames).toList();
        Catalogs catalogs = Catalogs.read(databases, names(named, Side.LEGACY), names(named, Side.MODERN));
        Map<String, Tables> tables = new LinkedHashMap<>();
        named.forEach(one -> tables.put(one.entity().text(), Tables.of(one, catalogs)));
        return named.stream()
                .map(one -> new EntityAssembly(one, Tables.of(one, catalogs), notes).mapping(tables))
                .toList();
    }

    private boolean hasNames(Declaration declaration) {
        boolean legacy =
                isName(declaration, declaration.kind() == Kind.COLUMN ? "table" : "legacy", declaration.legacy());
        return declaration.kind() == Kind.COLUMN
                ? legacy
                : isName(declaration, "modern", declaration.modern()) && legacy;
    }

    private boolean isName(Declaration declaration, String key, Written written) {
        boolean name = !SqlName.table(written.text()).isEmpty();
        if (!name) {
            notes.error(
                    written.line(),
                    Finding.path(declaration.entity().text(), key),
                    "'%s' is not the name of a table.".formatted(written.text()),
                    "Write schema.table or table; put a name with other characters than letters, digits and '_' in double quotes, and the whole in single quotes.");
        }
        return name;
    }

    private static List<Name> names(List<Declaration> declarations, Side side) {
        return declarations.stream()
                .filter(one -> side == Side.LEGACY || one.kind() == Kind.TABLE)
                .flatMap(one -> SqlName.table((side == Side.LEGACY ? one.legacy() : one.modern()).text()).stream())
                .distinct()
                .toList();
    }
}
