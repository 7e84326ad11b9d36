package dev.crossfade.sample.web;

import dev.crossfade.Crossfade;
import dev.crossfade.sample.storage.Repositories;
import javax.sql.DataSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.resilience.annotation.EnableResilientMethods;

/** Wires the database and the repositories; Crossfade itself comes from the starter. */
@Configuration(proxyBeanMethods = false)
@EnableResilientMethods
class ServiceConfiguration {

    @Bean
    Database database(Environment environment) {
        return DatabaseSettings.read(environment).map(Database::open).orElseGet(Database::embedded);
    }

    /** The database owns and closes it. */
    @Bean(destroyMethod = "")
    DataSource dataSource(Database database) {
        return database.pool();
    }

    @Bean
    Repositories repositories(Crossfade crossfade) {
        return Repositories.of(crossfade);
    }
}
