package dev.crossfade.spring.autoconfigure;

import dev.crossfade.model.Side;
import dev.crossfade.spring.transaction.OtherTransactions;
import dev.crossfade.spring.transaction.SpringTransactions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.annotation.BeanFactoryAnnotationUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;

/**
 * The service's data sources, and which of them Crossfade works with.
 *
 * @param legacy the one with the legacy schema
 * @param modern the one with the modern schema; the same object where one database has both
 * @param all all data sources of the service, including wrappers
 * @param names the names of the sides' data sources in the settings or as beans, empty with one database
 */
record ChosenDataSources(DataSource legacy, DataSource modern, List<DataSource> all, Map<Side, String> names) {

    static final String LEGACY_BEAN = "legacyDataSource";
    static final String MODERN_BEAN = "modernDataSource";

    /**
     * Chooses by the settings, then by the beans' names, then takes the only data source there is.
     *
     * @param owner the bean that uses them, which has to be destroyed before them
     * @throws DataSourceChoiceException if the choice is not clear
     */
    static ChosenDataSources choose(
            ConfigurableListableBeanFactory beans, CrossfadeProperties properties, String owner) {
        List<String> names = Arrays.stream(beans.getBeanNamesForType(DataSource.class))
                .filter(name -> !ScopedProxyUtils.isScopedTarget(name))
                .toList();
        names.forEach(name -> beans.registerDependentBean(name, owner));
        List<DataSource> all = names.stream()
                .map(name -> beans.getBean(name, DataSource.class))
                .toList();
        if (properties.legacyDataSource() != null && properties.modernDataSource() != null) {
            return of(
                    named(beans, "crossfade.legacy-data-source", properties.legacyDataSource(), names),
                    named(beans, "crossfade.modern-data-source", properties.modernDataSource(), names),
                    all,
                    Map.of(Side.LEGACY, properties.legacyDataSource(), Side.MODERN, properties.modernDataSource()));
        }
        if (properties.dataSource() != null) {
            DataSource both = named(beans, "crossfade.data-source", properties.dataSource(), names);
            return of(both, both, all, Map.of());
        }
        if (names.contains(LEGACY_BEAN) && names.contains(MODERN_BEAN)) {
            return of(
                    beans.getBean(LEGACY_BEAN, DataSource.class),
                    beans.getBean(MODERN_BEAN, DataSource.class),
                    all,
                    Map.of(Side.LEGACY, LEGACY_BEAN, Side.MODERN, MODERN_BEAN));
        }
        DataSource first = all.getFirst();
        if (all.stream().allMatch(other -> SpringTransactions.isSameDatabase(first, other))) {
            DataSource preferred = beans.getBeanProvider(DataSource.class).getIfUnique(() -> first);
            return of(preferred, preferred, all, Map.of());
        }
        throw DataSourceChoiceException.ambiguous(names);
    }

    private static ChosenDataSources of(
            DataSource legacy, DataSource modern, List<DataSource> all, Map<Side, String> names) {
        DataSource first = unwrapped(legacy);
        DataSource second = SpringTransactions.isSameDatabase(legacy, modern) ? first : unwrapped(modern);
        return new ChosenDataSources(first, second, all, names);
    }

    /** Tells whether each side has a data source of its own. */
    boolean areSeparate() {
        return !legacy.equals(modern);
    }

    /** Returns Spring's transactions on these data sources. */
    SpringTransactions transactions(OtherTransactions others, boolean translating) {
        return SpringTransactions.on(legacy, modern, all, others, translating);
    }

    private static DataSource named(
            ConfigurableListableBeanFactory beans, String setting, @Nullable String name, List<String> found) {
        try {
            return BeanFactoryAnnotationUtils.qualifiedBeanOfType(beans, DataSource.class, String.valueOf(name));
        } catch (NoSuchBeanDefinitionException e) {
            throw DataSourceChoiceException.unknown(setting, String.valueOf(name), found);
        }
    }

    /**
     * Returns a data source without the caller's transaction: Crossfade commits by itself, so it must not get that
     * transaction's connections.
     */
    private static DataSource unwrapped(DataSource given) {
        DataSource outermost = given;
        while (outermost instanceof TransactionAwareDataSourceProxy proxy && proxy.getTargetDataSource() != null) {
            outermost = proxy.getTargetDataSource();
        }
        for (DataSource layer = outermost; layer instanceof DelegatingDataSource wrapper; ) {
            if (layer instanceof TransactionAwareDataSourceProxy) {
                throw DataSourceChoiceException.hiddenProxy(given.getClass().getName());
            }
            layer = wrapper.getTargetDataSource();
        }
        return outermost;
    }
}
