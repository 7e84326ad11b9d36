package dev.crossfade.sample.web;

import dev.crossfade.Crossfade;
import dev.crossfade.model.InvalidInputException;
import dev.crossfade.routing.RoutingSettings;
import dev.crossfade.sample.storage.Repositories;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** Wires the database, Crossfade and the repositories. */
@Configuration(proxyBeanMethods = false)
class ServiceConfiguration {

    private static final String ENABLE_MODERN_WRITE = "ENABLE_MODERN_WRITE";

    @Bean
    Database database(Environment environment) {
        return DatabaseSettings.read(environment).map(Database::open).orElseGet(Database::embedded);
    }

    @Bean
    Crossfade crossfade(Database database, MeterRegistry meters, Environment environment) {
        return Crossfade.builder()
                .database(database.pool())
                .meterRegistry(meters)
                .applicationVersion("sample")
                .routing(RoutingSettings.DEFAULTS.withModernWrite(modernWrite(environment)))
                .build();
    }

    @Bean
    Repositories repositories(Crossfade crossfade) {
        return Repositories.of(crossfade);
    }

    private static boolean modernWrite(Environment environment) {
        String value = environment.getProperty(ENABLE_MODERN_WRITE, "true").toLowerCase(Locale.ROOT);
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default ->
                throw new InvalidInputException(
                        "%s is '%s'. Set it to true or false.".formatted(ENABLE_MODERN_WRITE, value));
        };
    }
}
