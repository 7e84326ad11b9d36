package dev.crossfade.spring.autoconfigure;

import java.util.Objects;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.ConfigurationCondition;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Matches if each side has a data source of its own, by the settings or by the beans' names. */
final class OnTwoDataSources extends SpringBootCondition implements ConfigurationCondition {

    @Override
    public ConfigurationPhase getConfigurationPhase() {
        return ConfigurationPhase.REGISTER_BEAN;
    }

    @Override
    public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
        Environment settings = context.getEnvironment();
        String legacy = settings.getProperty("crossfade.legacy-data-source");
        String modern = settings.getProperty("crossfade.modern-data-source");
        boolean two = !Objects.equals(legacy, modern);
        if (legacy == null && modern == null && settings.getProperty("crossfade.data-source") == null) {
            BeanDefinitionRegistry beans = context.getRegistry();
            two = beans.containsBeanDefinition(ChosenDataSources.LEGACY_BEAN)
                    && beans.containsBeanDefinition(ChosenDataSources.MODERN_BEAN);
        }
        ConditionMessage.Builder message = ConditionMessage.forCondition("A data source for each side");
        return new ConditionOutcome(
                two, two ? message.because("both are named") : message.because("they are not both named"));
    }
}
