package dev.crossfade.lossy;

import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.InvalidInputException;
import dev.crossfade.model.SettingChecks;
import dev.crossfade.model.Stage;
import dev.crossfade.sql.Spelling;
import dev.crossfade.statement.GivenCheck;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How to treat saves whose values come back from the legacy side changed, in the stages in which it decides.
 *
 * @param otherwise the default policy
 * @param exceptions the policy of an entity, by its name, or of one of its modern columns, by {@code entity.column};
 *         a column's own policy has precedence
 */
public record LossyWriteSettings(LossyWritePolicy otherwise, Map<String, LossyWritePolicy> exceptions) {

    /** Reports them all. */
    public static final LossyWriteSettings DEFAULTS = new LossyWriteSettings(LossyWritePolicy.REPORT, Map.of());

    /** Copies the map; refuses nulls. */
    public LossyWriteSettings {
        new SettingChecks()
                .given("lossyWrites, where nothing else is said,", otherwise)
                .given("lossyWrites of entities and columns", exceptions)
                .refuse();
        exceptions = Map.copyOf(exceptions);
    }

    /** Returns these settings with another default policy. */
    public LossyWriteSettings otherwise(LossyWritePolicy policy) {
        return new LossyWriteSettings(policy, exceptions);
    }

    /**
     * Returns these settings with a policy for some entities and columns.
     *
     * @param names {@code entity} or {@code entity.column}
     * @throws InvalidInputException if another policy was set for one of them
     */
    public LossyWriteSettings with(LossyWritePolicy policy, Collection<String> names) {
        Map<String, LossyWritePolicy> all = new TreeMap<>(exceptions);
        for (String name : names) {
            LossyWritePolicy before = all.put(name, policy);
            if (before != null && before != policy) {
                throw new InvalidInputException("The lossy writes of '%s' cannot be both: %s and %s."
                        .formatted(name, word(before), word(policy)));
            }
        }
        return new LossyWriteSettings(otherwise, all);
    }

    /** Returns the check for saves of an entity in a stage in which legacy decides. */
    public GivenCheck check(TableMapping mapping, Stage stage) {
        return GivenCheck.of(
                mapping,
                stage.compareTo(Stage.MODERN_READ) < 0,
                column -> policy(mapping.entity(), column) == LossyWritePolicy.ALLOW,
                column -> policy(mapping.entity(), column) == LossyWritePolicy.REFUSE);
    }

    private LossyWritePolicy policy(String entity, String column) {
        LossyWritePolicy ofEntity = exceptions.getOrDefault(entity, otherwise);
        return exceptions.getOrDefault(entity + "." + column, ofEntity);
    }

    /**
     * Makes sure that the columns named for an entity are columns of its modern side.
     *
     * @throws InvalidInputException if one is not
     */
    public void requireColumns(TableMapping mapping) {
        List<String> columns =
                mapping.modern().allColumns().stream().map(Column::name).toList();
        List<String> unknown = new ArrayList<>();
        for (String name : new TreeMap<>(exceptions).keySet()) {
            int dot = name.indexOf('.');
            String column = name.substring(dot + 1);
            if (dot >= 0 && name.substring(0, dot).equals(mapping.entity()) && !columns.contains(column)) {
                unknown.add("The settings of lossy writes name '%s', and %s has no modern column '%s'. %s"
                        .formatted(
                                name,
                                mapping.entity(),
                                column,
                                Spelling.remedy(
                                        column,
                                        columns,
                                        "Its modern columns are %s.".formatted(String.join(", ", columns)))));
            }
        }
        if (!unknown.isEmpty()) {
            throw new InvalidInputException(String.join(" ", unknown));
        }
    }

    /**
     * Makes sure that every named entity is one of the service's.
     *
     * @throws InvalidInputException if one is not
     */
    public void requireEntities(Collection<String> entities) {
        List<String> unknown = new TreeMap<>(exceptions)
                .keySet().stream()
                        .filter(name -> !entities.contains(name.split("\\.", 2)[0]))
                        .map(name -> "The settings of lossy writes name '%s', and this service has no such entity. %s"
                                .formatted(
                                        name,
                                        Spelling.remedy(
                                                name.split("\\.", 2)[0],
                                                entities,
                                                "It has %s.".formatted(String.join(", ", entities)))))
                        .toList();
        if (!unknown.isEmpty()) {
            throw new InvalidInputException(String.join(" ", unknown));
        }
    }

    private static String word(LossyWritePolicy policy) {
        return policy.name().toLowerCase(java.util.Locale.ROOT);
    }
}
