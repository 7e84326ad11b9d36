package dev.crossfade.spring.autoconfigure;

import dev.crossfade.Crossfade;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.Side;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.Table;
import jakarta.persistence.metamodel.EntityType;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import org.jooq.Name;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * Warns about JPA entities on tables of Crossfade's entities. What JPA flushes bypasses Crossfade. A later flush also
 * overwrites what a repository has written meanwhile, with the values from when the entity was loaded.
 */
final class JpaEntityTables implements SmartInitializingSingleton {

    private static final Logger LOG = LoggerFactory.getLogger(JpaEntityTables.class);

    /**
     * The annotation of entities that Hibernate never flushes. It is looked up by name, because Hibernate may be
     * absent.
     */
    private static final String IMMUTABLE = "org.hibernate.annotations.Immutable";

    private final Crossfade crossfade;
    private final ObjectProvider<EntityManagerFactory> factories;

    JpaEntityTables(Crossfade crossfade, ObjectProvider<EntityManagerFactory> factories) {
        this.crossfade = crossfade;
        this.factories = factories;
    }

    @Override
    public void afterSingletonsInstantiated() {
        factories.stream()
                .flatMap(factory -> factory.getMetamodel().getEntities().stream())
                .filter(entity -> !isImmutable(entity.getJavaType()))
                .forEach(this::look);
    }

    private void look(EntityType<?> entity) {
        for (TableMapping mapping : crossfade.mappings()) {
            Set<Name> tables = new LinkedHashSet<>();
            for (Side side : Side.values()) {
                tables.add(mapping.relation(side).qualifiedName());
            }
            tables.stream().filter(table -> maps(entity, table)).forEach(table -> warn(entity, table, mapping));
        }
    }

    private static void warn(EntityType<?> entity, Name table, TableMapping mapping) {
        LOG.warn(
                "The JPA entity {} maps {}, a table of Crossfade's entity {}. What JPA flushes there is not mirrored, and it overwrites what a repository has written since the JPA entity was loaded. Write through the repository and make the JPA entity read-only (@Immutable), or let triggers note what JPA writes: `crossfade capture install {}`.",
                entity.getJavaType().getName(),
                String.join(".", table.getName()),
                mapping.entity(),
                mapping.entity());
    }

    /**
     * Tells whether an entity maps a table. The table's name is the annotation's, or else what Spring Boot derives
     * from the class; a schema counts if one is named.
     */
    private static boolean maps(EntityType<?> entity, Name table) {
        Table named = entity.getJavaType().getAnnotation(Table.class);
        String name = named == null || named.name().isEmpty() ? underscored(entity.getName()) : named.name();
        String schema = named == null ? "" : named.schema();
        String[] parts = table.getName();
        return plain(name).equalsIgnoreCase(parts[parts.length - 1])
                && (schema.isEmpty() || parts.length < 2 || plain(schema).equalsIgnoreCase(parts[parts.length - 2]));
    }

    private static String plain(String name) {
        return name.replace("`", "").replace("\"", "");
    }

    private static String underscored(String name) {
        return name.replaceAll("([a-z])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
    }

    private static boolean isImmutable(Class<?> entity) {
        return Arrays.stream(entity.getAnnotations())
                .anyMatch(one -> one.annotationType().getName().equals(IMMUTABLE));
    }
}
