package dev.crossfade.spring.autoconfigure;

import dev.crossfade.Crossfade;
import jakarta.persistence.EntityManagerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/** Warns of JPA entities on tables of Crossfade's entities. */
@AutoConfiguration(
        after = CrossfadeAutoConfiguration.class,
        afterName = "org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration")
@ConditionalOnClass(EntityManagerFactory.class)
@ConditionalOnBean(Crossfade.class)
public final class CrossfadeJpaAutoConfiguration {

    @Bean
    SmartInitializingSingleton crossfadeJpaEntityTables(
            Crossfade crossfade, ObjectProvider<EntityManagerFactory> factories) {
        return new JpaEntityTables(crossfade, factories);
    }
}
