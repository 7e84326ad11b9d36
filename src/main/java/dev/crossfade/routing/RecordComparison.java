package dev.crossfade.routing;

import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.InvalidInputException;
import dev.crossfade.model.RecordKey;
import dev.crossfade.shadow.FieldDifference;
import dev.crossfade.shadow.Pairing;
import dev.crossfade.shadow.ShadowMismatch;
import dev.crossfade.sql.Redaction;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import org.jooq.Field;
import org.jspecify.annotations.Nullable;

/**
 * Compares answers of the two sides, record by record and field by field, under an entity's rules. Thread-safe.
 *
 * @param <R> the record
 * @param <K> the key
 */
final class RecordComparison<R, K> {

    private static final List<String> NO_KEY = List.of();

    private final EntityType<R, K> type;
    private final String entity;
    private final Redaction redaction;
    private final List<String> columns;
    private final List<BiPredicate<@Nullable Object, @Nullable Object>> rules = new ArrayList<>();

    /**
     * Creates the comparison.
     *
     * @throws InvalidInputException if a rule names a column that the entity does not have, or a key column
     */
    RecordComparison(EntityType<R, K> type, ShadowSettings settings, Redaction redaction) {
        this.type = type;
        this.entity = type.mapping().entity();
        this.redaction = redaction;
        this.columns = type.fields().stream().map(Field::getName).toList();
        Map<String, BiPredicate<@Nullable Object, @Nullable Object>> given = settings.rules(entity);
        List<String> ruled = columns.subList(type.mapping().modern().key().size(), columns.size());
        Set<String> unknown = new TreeSet<>(given.keySet());
        unknown.removeAll(ruled);
        if (!unknown.isEmpty()) {
            throw new InvalidInputException(
                    "The shadow settings have rules for %s of %s; columns that can have one are: %s."
                            .formatted(unknown, entity, String.join(", ", ruled)));
        }
        columns.forEach(column -> rules.add(given.getOrDefault(column, usual(type.mapping(), column))));
    }

    /** The modern side may know more in a filled column; only a value that it lacks is a difference. */
    private static BiPredicate<@Nullable Object, @Nullable Object> usual(TableMapping mapping, String column) {
        return mapping.roles().filling(column).isPresent()
                ? (legacy, modern) -> legacy == null || modern != null
                : RecordComparison::isSame;
    }

    /** Compares the results of reads by a key. */
    List<ShadowMismatch> ofKey(Look look, K key, Optional<R> legacy, Optional<R> modern) {
        return legacy.equals(modern)
                ? List.of()
                : compare(look, type.recordKey(key), legacy.orElse(null), modern.orElse(null));
    }

    /** Compares the results of reads of many records, in order if {@code ordered}. */
    List<ShadowMismatch> ofMany(Look look, boolean ordered, Collection<R> legacy, Collection<R> modern) {
        Map<RecordKey, R> left = byKey(legacy);
        Map<RecordKey, R> right = byKey(modern);
        Set<RecordKey> keys = new LinkedHashSet<>(left.keySet());
        keys.addAll(right.keySet());
        List<ShadowMismatch> found = new ArrayList<>();
        keys.forEach(key -> found.addAll(compare(look, key, left.get(key), right.get(key))));
        if (ordered
                && left.keySet().equals(right.keySet())
                && !List.copyOf(left.keySet()).equals(List.copyOf(right.keySet()))) {
            found.add(mismatch(look, NO_KEY, FieldDifference.ORDER, left.keySet(), right.keySet()));
        }
        return found;
    }

    /** Compares the results of finders: field by field if they are records of the entity, otherwise by equality. */
    List<ShadowMismatch> ofAny(Look look, @Nullable Object legacy, @Nullable Object modern) {
        if (Objects.equals(legacy, modern)) {
            return List.of();
        }
        try {
            Optional<Collection<R>> left = records(legacy);
            Optional<Collection<R>> right = records(modern);
            if (left.isPresent() && right.isPresent()) {
                return ofMany(look, legacy instanceof List<?>, left.get(), right.get());
            }
        } catch (ClassCastException e) {
            // The finder returns something other than records of this entity.
            return ofResult(look, legacy, modern);
        }
        return ofResult(look, legacy, modern);
    }

    /** Compares results by equality. */
    List<ShadowMismatch> ofResult(Look look, @Nullable Object legacy, @Nullable Object modern) {
        return Objects.deepEquals(legacy, modern)
                ? List.of()
                : List.of(mismatch(look, NO_KEY, FieldDifference.RESULT, legacy, modern));
    }

    /** The read that is compared. */
    record Look(Pairing pairing, String read) {}

    private List<ShadowMismatch> compare(Look look, RecordKey key, @Nullable R legacy, @Nullable R modern) {
        if (legacy == null && modern == null) {
            return List.of();
        }
        List<FieldDifference> fields = new ArrayList<>();
        if (legacy == null || modern == null) {
            fields.add(new FieldDifference(FieldDifference.RECORD, presence(legacy), presence(modern)));
        } else {
            List<@Nullable Object> left = type.values(legacy);
            List<@Nullable Object> right = type.values(modern);
            for (int i = 0; i < columns.size(); i++) {
                if (!rules.get(i).test(left.get(i), right.get(i))) {
                    fields.add(
                            new FieldDifference(columns.get(i), redaction.of(left.get(i)), redaction.of(right.get(i))));
                }
            }
        }
        return fields.isEmpty()
                ? List.of()
                : List.of(new ShadowMismatch(entity, look.pairing(), look.read(), key.values(), fields));
    }

    private ShadowMismatch mismatch(
            Look look, List<String> key, String what, @Nullable Object legacy, @Nullable Object modern) {
        FieldDifference difference = new FieldDifference(what, redaction.of(legacy), redaction.of(modern));
        return new ShadowMismatch(entity, look.pairing(), look.read(), key, List.of(difference));
    }

    private Map<RecordKey, R> byKey(Collection<R> records) {
        Map<RecordKey, R> byKey = new LinkedHashMap<>();
        records.forEach(one -> byKey.put(type.recordKey(type.key(one)), one));
        return byKey;
    }

    @SuppressWarnings("unchecked")
    private static <R> Optional<Collection<R>> records(@Nullable Object result) {
        return switch (result) {
            case Optional<?> one -> Optional.of((Collection<R>) one.stream().toList());
            case Collection<?> many -> Optional.of((Collection<R>) many);
            case null, default -> Optional.empty();
        };
    }

    /** As PostgreSQL compares numbers: 1.0 equals 1.00, and 0 equals -0. */
    private static boolean isSame(@Nullable Object legacy, @Nullable Object modern) {
        if (legacy instanceof BigDecimal one && modern instanceof BigDecimal other) {
            return one.compareTo(other) == 0;
        }
        boolean zeros = legacy instanceof Number one
                && modern instanceof Number other
                && one.getClass() == other.getClass()
                && one.doubleValue() == 0
                && other.doubleValue() == 0;
        return zeros || Objects.deepEquals(legacy, modern);
    }

    private static String presence(@Nullable Object one) {
        return one == null ? "absent" : "present";
    }
}
