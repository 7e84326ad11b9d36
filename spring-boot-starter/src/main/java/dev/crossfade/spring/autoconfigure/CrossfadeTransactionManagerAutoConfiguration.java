package dev.crossfade.spring.autoconfigure;

import dev.crossfade.Crossfade;
import dev.crossfade.model.Side;
import dev.crossfade.spring.transaction.AuthorityTransactions;
import dev.crossfade.spring.transaction.SpringTransactions;
import java.util.Map;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.boot.transaction.autoconfigure.TransactionManagerCustomizers;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Fallback;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * Adds a transaction manager for two databases, which begins in the authoritative one. If it is the only one, it
 * serves a plain {@code @Transactional}; beside others it has to be named.
 */
@AutoConfiguration(
        after = {CrossfadeAutoConfiguration.class, DataSourceTransactionManagerAutoConfiguration.class},
        before = TransactionAutoConfiguration.class)
@ConditionalOnBean(Crossfade.class)
@Conditional(OnTwoDataSources.class)
public final class CrossfadeTransactionManagerAutoConfiguration {

    private static final String NAME = "crossfadeTransactionManager";

    @Bean(NAME)
    @Fallback
    @ConditionalOnMissingBean(name = NAME)
    AuthorityTransactions crossfadeTransactionManager(
            Crossfade crossfade,
            SpringTransactions transactions,
            ChosenDataSources dataSources,
            CrossfadeProperties properties,
            ObjectProvider<TransactionManagerCustomizers> customizers) {
        return new AuthorityTransactions(
                crossfade,
                transactions,
                Map.of(
                        Side.LEGACY, manager(dataSources.legacy(), customizers),
                        Side.MODERN, manager(dataSources.modern(), customizers)),
                properties.transactionEntities());
    }

    private static PlatformTransactionManager manager(
            DataSource database, ObjectProvider<TransactionManagerCustomizers> customizers) {
        JdbcTransactionManager manager = new JdbcTransactionManager(database);
        customizers.ifAvailable(all -> all.customize(manager));
        return manager;
    }
}
