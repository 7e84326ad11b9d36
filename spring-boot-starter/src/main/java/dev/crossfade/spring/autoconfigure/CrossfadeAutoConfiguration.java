package dev.crossfade.spring.autoconfigure;

import dev.crossfade.Crossfade;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.InvalidInputException;
import dev.crossfade.spring.transaction.CrossfadeExceptionTranslator;
import dev.crossfade.spring.transaction.SpringTransactions;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.info.BuildProperties;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;

/** Configures Crossfade on the service's one or two data sources, in Spring's transactions. */
@AutoConfiguration(after = DataSourceAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = "crossfade.enabled", matchIfMissing = true)
@ConditionalOnBean(DataSource.class)
@EnableConfigurationProperties(CrossfadeProperties.class)
public final class CrossfadeAutoConfiguration {

    private static final String CHOSEN = "crossfadeDataSources";
    private static final String ENABLE_MODERN_WRITE = "ENABLE_MODERN_WRITE";

    /** Tells whether a transaction is open from the manager that began it. */
    @Bean
    static BeanPostProcessor crossfadeTransactionManagerListening() {
        return new TransactionManagerListening();
    }

    @Bean(CHOSEN)
    @Lazy
    ChosenDataSources crossfadeDataSources(ConfigurableListableBeanFactory beans, CrossfadeProperties properties) {
        return ChosenDataSources.choose(beans, properties, CHOSEN);
    }

    @Bean
    @Lazy
    @ConditionalOnMissingBean
    SpringTransactions crossfadeTransactions(ChosenDataSources dataSources, CrossfadeProperties properties) {
        return dataSources.transactions(properties.otherTransactions(), properties.translateExceptions());
    }

    @Bean
    @ConditionalOnMissingBean
    Crossfade crossfade(
            ChosenDataSources dataSources,
            SpringTransactions transactions,
            CrossfadeProperties properties,
            ObjectProvider<MeterRegistry> meters,
            Surroundings surroundings) {
        Crossfade.Builder builder = Crossfade.builder()
                .legacy(dataSources.legacy())
                .modern(dataSources.modern())
                .ambientTransactions(transactions)
                .applicationVersion(surroundings.version(properties))
                .routing(properties.routing(surroundings.modernWrite()));
        dataSources.names().forEach(builder::dataSourceName);
        if (properties.stagePolling() != null) {
            builder.stagePolling(properties.stagePolling());
        }
        if (properties.liveness() != null) {
            builder.liveness(properties.liveness());
        }
        meters.ifUnique(builder::meterRegistry);
        surroundings.customizers().orderedStream().forEach(customizer -> customizer.customize(builder));
        return builder.build();
    }

    /**
     * Runs after every repository bean has registered its entity. Repositories that are created later are not covered.
     */
    @Bean
    SmartInitializingSingleton crossfadeLossyWriteNames(Crossfade crossfade, CrossfadeProperties properties) {
        return () -> properties
                .lossyWriteSettings()
                .requireEntities(
                        crossfade.mappings().stream().map(TableMapping::entity).toList());
    }

    @Bean
    SmartInitializingSingleton crossfadeTransactionEntityNames(
            Crossfade crossfade, CrossfadeProperties properties, ConfigurableListableBeanFactory beans) {
        return new TransactionEntityNames(crossfade, properties.transactionEntities(), beans);
    }

    /** Translates exceptions of the service's own adapters that are annotated with {@code @Repository}. */
    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnBooleanProperty(name = "crossfade.translate-exceptions", matchIfMissing = true)
    static CrossfadeExceptionTranslator crossfadeExceptionTranslator() {
        return new CrossfadeExceptionTranslator();
    }

    @Bean
    @Lazy
    Surroundings crossfadeSurroundings(
            Environment environment,
            ObjectProvider<BuildProperties> build,
            ObjectProvider<CrossfadeBuilderCustomizer> customizers) {
        return new Surroundings(environment, build, customizers);
    }

    /** The sources of settings beside {@link CrossfadeProperties}. */
    record Surroundings(
            Environment environment,
            ObjectProvider<BuildProperties> build,
            ObjectProvider<CrossfadeBuilderCustomizer> customizers) {

        /** Returns the first of: the setting, the build's version, the application's version, its name. */
        String version(CrossfadeProperties properties) {
            BuildProperties built = build.getIfUnique();
            if (properties.applicationVersion() != null) {
                return properties.applicationVersion();
            }
            if (built != null && built.getVersion() != null) {
                return built.getVersion();
            }
            String name = environment.getProperty("spring.application.name", "unknown");
            return environment.getProperty("spring.application.version", name);
        }

        /** Returns the value of the variable that Crossfade's other processes read too. */
        boolean modernWrite() {
            String value = environment.getProperty(ENABLE_MODERN_WRITE, "true");
            return switch (value.strip().toLowerCase(Locale.ROOT)) {
                case "true", "" -> true;
                case "false" -> false;
                default ->
                    throw new InvalidInputException(
                            "%s is '%s'. Set it to true or false.".formatted(ENABLE_MODERN_WRITE, value));
            };
        }
    }
}
