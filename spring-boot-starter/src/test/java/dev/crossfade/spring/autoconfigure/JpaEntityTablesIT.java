package dev.crossfade.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.crossfade.spring.SpringService;
import dev.crossfade.spring.autoconfigure.entities.ReadOnlyUser;
import dev.crossfade.spring.autoconfigure.entities.StoredUser;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.World;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;
import org.springframework.orm.jpa.vendor.HibernateJpaVendorAdapter;

/** What JPA maps beside Crossfade is named at the start. */
class JpaEntityTablesIT {

    @Test
    void aJpaEntityOnAMappedTableIsWarnedOfUnlessItIsReadOnly() {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        Logger logger = (Logger) LoggerFactory.getLogger(JpaEntityTables.class);
        logger.addAppender(log);
        try (World world = new World(Topology.ONE_DATABASE);
                SpringService service = new SpringService(world, Topology.ONE_DATABASE, context -> {
                    context.registerBean("entityManagerFactory", LocalContainerEntityManagerFactoryBean.class, () -> {
                        LocalContainerEntityManagerFactoryBean factory = new LocalContainerEntityManagerFactoryBean();
                        factory.setDataSource(world.legacy().dataSource());
                        factory.setJpaVendorAdapter(new HibernateJpaVendorAdapter());
                        factory.setPackagesToScan(StoredUser.class.getPackageName());
                        return factory;
                    });
                    context.register(CrossfadeJpaAutoConfiguration.class);
                })) {
            assertThat(service.users()).isNotNull();
        } finally {
            logger.detachAppender(log);
        }

        assertThat(log.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .singleElement()
                .asString()
                .startsWith("The JPA entity %s maps legacy.users, a table of Crossfade's entity user."
                        .formatted(StoredUser.class.getName()))
                .contains("crossfade capture install user")
                .doesNotContain(ReadOnlyUser.class.getSimpleName());
    }
}
