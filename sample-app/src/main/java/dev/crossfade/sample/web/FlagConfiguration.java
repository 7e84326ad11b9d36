package dev.crossfade.sample.web;

import dev.crossfade.Crossfade;
import dev.crossfade.sample.storage.Repositories;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.togglz.core.repository.StateRepository;
import org.togglz.core.spi.FeatureProvider;
import org.togglz.core.user.SimpleFeatureUser;
import org.togglz.core.user.UserProvider;

/** Wires the Togglz console to the stages: switching a flag there is a stage change with all its gates. */
@Configuration(proxyBeanMethods = false)
class FlagConfiguration {

    private static final String CONSOLE_USER = "togglz-console";

    @Bean
    StateRepository stateRepository(Crossfade crossfade) {
        return crossfade.stateRepository(() -> CONSOLE_USER);
    }

    /** The features are those of the repositories, which therefore come first. */
    @Bean
    FeatureProvider featureProvider(Repositories repositories) {
        return repositories.crossfade().featureProvider();
    }

    /** The sample has no login: whoever reaches the console may use it. */
    @Bean
    UserProvider userProvider() {
        return () -> new SimpleFeatureUser(CONSOLE_USER, true);
    }
}
