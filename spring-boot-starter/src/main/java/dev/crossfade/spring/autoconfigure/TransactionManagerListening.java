package dev.crossfade.spring.autoconfigure;

import dev.crossfade.spring.transaction.SpringTransactions;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.transaction.TransactionManager;

/** Makes every transaction manager of the context report the transactions that it begins. */
final class TransactionManagerListening implements BeanPostProcessor {

    @Override
    public Object postProcessBeforeInitialization(Object bean, String name) {
        if (bean instanceof TransactionManager manager) {
            SpringTransactions.listenTo(manager);
        }
        return bean;
    }
}
