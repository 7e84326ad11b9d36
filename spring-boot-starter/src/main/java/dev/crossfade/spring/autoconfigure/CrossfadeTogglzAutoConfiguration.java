package dev.crossfade.spring.autoconfigure;

import dev.crossfade.Crossfade;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.togglz.core.repository.StateRepository;
import org.togglz.core.spi.FeatureProvider;
import org.togglz.core.user.FeatureUser;
import org.togglz.core.user.UserProvider;
import org.togglz.spring.boot.actuate.autoconfigure.TogglzAutoConfiguration;

/** Makes Togglz show and switch the stages' flags. Switching one is a stage change with all its gates. */
@AutoConfiguration(after = CrossfadeAutoConfiguration.class, before = TogglzAutoConfiguration.class)
@ConditionalOnClass(TogglzAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = "togglz.enabled", matchIfMissing = true)
@ConditionalOnBean(Crossfade.class)
public final class CrossfadeTogglzAutoConfiguration {

    private static final String NOBODY = "togglz";

    @Bean
    @ConditionalOnMissingBean
    StateRepository crossfadeStateRepository(Crossfade crossfade, ObjectProvider<UserProvider> users) {
        return crossfade.stateRepository(() -> user(users));
    }

    @Bean
    @ConditionalOnMissingBean
    FeatureProvider crossfadeFeatureProvider(Crossfade crossfade) {
        return crossfade.featureProvider();
    }

    private static String user(ObjectProvider<UserProvider> users) {
        return Optional.ofNullable(users.getIfUnique())
                .map(UserProvider::getCurrentUser)
                .map(FeatureUser::getName)
                .orElse(NOBODY);
    }
}
