package dev.crossfade.codegen;

import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.TableMapping;
import java.math.BigInteger;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * One entity as its Java classes represent it.
 *
 * @param mapping its mapping
 * @param name the record's simple name
 * @param table the class and the constant of jOOQ's modern table
 * @param components the record's components, those of the key first
 * @param finders what else identifies a record, beside the key
 */
record Entity(TableMapping mapping, String name, JooqTable table, List<Component> components, List<Finder> finders) {

    Entity {
        components = List.copyOf(components);
        finders = List.copyOf(finders);
    }

    /**
     * jOOQ's class of a table.
     *
     * @param type its qualified name
     * @param constant the name of its instance in it
     */
    record JooqTable(String type, String constant) {}

    /** How jOOQ's value of a column differs from the record's. */
    enum Access {
        /** It does not differ. */
        PLAIN,
        /** A converter of the service translates between them. */
        CONVERTED,
        /** jOOQ does not know the type, so the record holds the value as PostgreSQL prints it. */
        PRINTED
    }

    /**
     * One column of the modern shape.
     *
     * @param column the column
     * @param name the component's name
     * @param type its Java type, with packages
     * @param field the name of jOOQ's field in the table's class
     * @param nullable whether the modern column may be null
     */
    record Component(Column column, String name, String type, String field, boolean nullable, Access access) {

        boolean isArray() {
            return type.endsWith("[]");
        }

        boolean isBytes() {
            return type.equals("byte[]");
        }

        /** Returns an expression for jOOQ's field, given one for the table. */
        String fieldOf(JavaFile file, String table) {
            String whole = table + "." + field;
            return access == Access.PRINTED ? "%s.coerce(%s.class)".formatted(whole, file.type(type)) : whole;
        }

        /** Returns an expression for the value to store, given one for the record's value and one for the table. */
        String stored(String table, String value) {
            return access == Access.CONVERTED ? "%s.%s.getConverter().to(%s)".formatted(table, field, value) : value;
        }
    }

    /**
     * Columns whose values identify at most one record.
     *
     * @param components their components
     * @param index the unique index that guarantees it
     */
    record Finder(List<Component> components, String index) {

        Finder {
            components = List.copyOf(components);
        }

        /** The method's name. */
        String method() {
            return "findBy"
                    + String.join(
                            "And",
                            components.stream()
                                    .map(one -> JavaNames.capitalised(one.name()))
                                    .toList());
        }
    }

    /** Returns a warning for each column that may hold {@code NaN} where its Java type has none. */
    List<String> unreadableNumbers() {
        return components.stream()
                .filter(one -> one.column().plainType().equals("numeric")
                        && (one.type().startsWith("java.lang.") || one.type().equals(BigInteger.class.getName()))
                        && one.access() != Access.CONVERTED)
                .map(one ->
                        "%s: the column %s of %s is %s, which jOOQ gives the Java type %s. A row with NaN there cannot be read: add a CHECK (%s <> 'NaN'), or give the column NUMERIC in forcedTypes."
                                .formatted(
                                        mapping.entity(),
                                        one.column().name(),
                                        mapping.modern(),
                                        one.column().type(),
                                        one.type(),
                                        one.column().name()))
                .toList();
    }

    /** The components of the key. */
    List<Component> key() {
        return components.subList(0, mapping.modern().key().size());
    }

    boolean hasCompositeKey() {
        return key().size() > 1;
    }

    /** The key's Java type, a simple name where it is generated. */
    String keyType() {
        return hasCompositeKey() ? name + "Key" : key().getFirst().type();
    }

    /** Simple names of all its classes. */
    Set<String> classes() {
        Set<String> classes = new TreeSet<>();
        Stream.of(
                        "%s",
                        "%sType",
                        "%sRepository",
                        "Legacy%sRepository",
                        "Modern%sRepository",
                        "DualWrite%sRepository",
                        "Plain%sRepository")
                .map(form -> form.formatted(name))
                .forEach(classes::add);
        if (hasCompositeKey()) {
            classes.add(keyType());
        }
        return classes;
    }
}
