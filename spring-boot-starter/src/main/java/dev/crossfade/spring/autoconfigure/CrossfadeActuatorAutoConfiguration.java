package dev.crossfade.spring.autoconfigure;

import dev.crossfade.Crossfade;
import dev.crossfade.spring.actuate.CrossfadeEndpoint;
import dev.crossfade.spring.actuate.CrossfadeHealth;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Adds Crossfade to the actuator if the service has one. */
@AutoConfiguration(after = CrossfadeAutoConfiguration.class)
@ConditionalOnBean(Crossfade.class)
public final class CrossfadeActuatorAutoConfiguration {

    /** The health. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
    @ConditionalOnEnabledHealthIndicator("crossfade")
    static final class HealthConfiguration {

        @Bean
        @ConditionalOnBooleanProperty(
                name = "crossfade.mirror-in-db-health",
                havingValue = false,
                matchIfMissing = true)
        static BeanPostProcessor crossfadeMirrorInDbHealth(ListableBeanFactory beans) {
            return new MirrorInDbHealth(beans);
        }

        @Bean
        @ConditionalOnMissingBean(name = "crossfadeHealthIndicator")
        CrossfadeHealth crossfadeHealthIndicator(Crossfade crossfade) {
            return new CrossfadeHealth(crossfade);
        }
    }

    /** The endpoint. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
    static final class EndpointConfiguration {

        @Bean
        @ConditionalOnMissingBean
        @ConditionalOnAvailableEndpoint
        CrossfadeEndpoint crossfadeEndpoint(Crossfade crossfade) {
            return new CrossfadeEndpoint(crossfade);
        }
    }
}
