package dev.crossfade.spring.autoconfigure;

import dev.crossfade.Crossfade;
import dev.crossfade.model.Side;
import dev.crossfade.spring.actuate.SideHealth;
import dev.crossfade.spring.transaction.SpringTransactions;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.sql.DataSource;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.HealthContributors;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Keeps Spring Boot's health {@code db} from going down with a mirror database. */
final class MirrorInDbHealth implements BeanPostProcessor {

    private static final String BOOTS_BEAN = "dbHealthContributor";

    private final ListableBeanFactory beans;

    MirrorInDbHealth(ListableBeanFactory beans) {
        this.beans = beans;
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        return name.equals(BOOTS_BEAN) && bean instanceof CompositeHealthContributor all ? withSides(all) : bean;
    }

    private CompositeHealthContributor withSides(CompositeHealthContributor all) {
        ChosenDataSources chosen =
                beans.getBeanProvider(ChosenDataSources.class).getIfUnique();
        Crossfade crossfade = beans.getBeanProvider(Crossfade.class).getIfUnique();
        if (chosen == null || crossfade == null || !chosen.areSeparate()) {
            return all;
        }
        Map<String, HealthContributor> contributors = new LinkedHashMap<>();
        for (HealthContributors.Entry one : all) {
            contributors.put(one.name(), of(one, chosen, crossfade));
        }
        return CompositeHealthContributor.fromMap(contributors);
    }

    /** Boot names each one after its data source's bean. */
    private HealthContributor of(HealthContributors.Entry one, ChosenDataSources chosen, Crossfade crossfade) {
        if (one.contributor() instanceof HealthIndicator indicator
                && beans.containsBean(one.name())
                && beans.isTypeMatch(one.name(), DataSource.class)) {
            DataSource database = beans.getBean(one.name(), DataSource.class);
            if (SpringTransactions.isSameDatabase(database, chosen.legacy())) {
                return new SideHealth(indicator, Side.LEGACY, crossfade);
            }
            if (SpringTransactions.isSameDatabase(database, chosen.modern())) {
                return new SideHealth(indicator, Side.MODERN, crossfade);
            }
        }
        return one.contributor();
    }
}
