package dev.crossfade.spring.autoconfigure;

import dev.crossfade.model.InvalidInputException;
import java.util.List;
import java.util.stream.Collectors;

/** The beans and the settings do not tell which data source has which schema. */
public final class DataSourceChoiceException extends InvalidInputException {

    private static final long serialVersionUID = 1L;

    private final String remedy;

    private DataSourceChoiceException(String finding, String remedy) {
        super(finding + " " + remedy);
        this.remedy = remedy;
    }

    static DataSourceChoiceException ambiguous(List<String> found) {
        return new DataSourceChoiceException(
                "Crossfade cannot tell which of these data sources has the legacy schema and which the modern one: %s."
                        .formatted(quoted(found)),
                "Name both, crossfade.legacy-data-source and crossfade.modern-data-source, or the only one, crossfade.data-source, if it has both schemas. Beans called legacyDataSource and modernDataSource need no setting.");
    }

    static DataSourceChoiceException unknown(String setting, String name, List<String> found) {
        return new DataSourceChoiceException(
                "%s is '%s', and no data source has this bean name or qualifier; there are: %s."
                        .formatted(setting, name, quoted(found)),
                "Set it to one of them.");
    }

    static DataSourceChoiceException hiddenProxy(String name) {
        return new DataSourceChoiceException(
                "The data source '%s' wraps a TransactionAwareDataSourceProxy, whose connections would commit the caller's transaction."
                        .formatted(name),
                "Make the proxy the outermost layer: Crossfade then uses what it wraps.");
    }

    /** Returns what to do about it. */
    String remedy() {
        return remedy;
    }

    private static String quoted(List<String> names) {
        return names.stream().map(name -> "'" + name + "'").collect(Collectors.joining(", "));
    }
}
