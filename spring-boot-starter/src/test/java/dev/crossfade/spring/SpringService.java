package dev.crossfade.spring;

import dev.crossfade.Crossfade;
import dev.crossfade.model.Stage;
import dev.crossfade.routing.Router;
import dev.crossfade.spring.autoconfigure.CrossfadeActuatorAutoConfiguration;
import dev.crossfade.spring.autoconfigure.CrossfadeAutoConfiguration;
import dev.crossfade.spring.autoconfigure.CrossfadeTogglzAutoConfiguration;
import dev.crossfade.spring.autoconfigure.CrossfadeTransactionManagerAutoConfiguration;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Users.DualWriteUsers;
import dev.crossfade.testing.World;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.boot.transaction.autoconfigure.TransactionManagerCustomizationAutoConfiguration;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * A service on Spring Boot in a world: its one data source, or its two, and what Boot and this starter make of them.
 */
public final class SpringService implements AutoCloseable {

    private final World world;
    private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
    private final DualWriteUsers users;

    /** Starts a service with the users' repository. */
    public SpringService(World world, Topology topology) {
        this(world, topology, context -> {});
    }

    /** Starts a service with further beans or properties. */
    public SpringService(World world, Topology topology, Consumer<AnnotationConfigApplicationContext> further) {
        this.world = world;
        TestPropertyValues.of(
                        "crossfade.stage-polling=20ms",
                        "crossfade.application-version=spring",
                        "management.endpoints.web.exposure.include=crossfade")
                .applyTo(context);
        if (topology == Topology.ONE_DATABASE) {
            dataSource("dataSource", world.legacy().dataSource());
        } else {
            dataSource("legacyDataSource", world.legacy().dataSource());
            dataSource("modernDataSource", world.modern().dataSource());
        }
        context.registerBean(
                DualWriteUsers.class,
                () -> new DualWriteUsers(context.getBean(Crossfade.class).routing()));
        context.register(
                CrossfadeAutoConfiguration.class,
                TransactionManagerCustomizationAutoConfiguration.class,
                DataSourceTransactionManagerAutoConfiguration.class,
                CrossfadeTransactionManagerAutoConfiguration.class,
                TransactionAutoConfiguration.class,
                CrossfadeTogglzAutoConfiguration.class,
                CrossfadeActuatorAutoConfiguration.class);
        further.accept(context);
        try {
            context.refresh();
            this.users = context.getBean(DualWriteUsers.class);
        } catch (RuntimeException e) {
            context.close();
            throw e;
        }
    }

    /** Returns the context. */
    public AnnotationConfigApplicationContext context() {
        return context;
    }

    /** Returns the service's Crossfade. */
    public Crossfade crossfade() {
        return context.getBean(Crossfade.class);
    }

    /** Returns the service's router. */
    public Router router() {
        return crossfade().routing();
    }

    /** Returns the repository, bound to no transaction. */
    public DualWriteUsers users() {
        return users;
    }

    /** Moves the users to a stage. */
    public void moveTo(Stage stage) {
        world.moveTo(crossfade(), stage);
    }

    /** Returns a template of the context's transaction manager. */
    public TransactionTemplate transactions() {
        return new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
    }

    /** Returns a template with a propagation. */
    public TransactionTemplate transactions(int propagation) {
        TransactionTemplate template = transactions();
        template.setPropagationBehavior(propagation);
        return template;
    }

    /** Returns a template for transactions within, and apart from, the one that is open. */
    public TransactionTemplate requiresNew() {
        return transactions(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
    }

    @Override
    public void close() {
        context.close();
    }

    private void dataSource(String name, DataSource pool) {
        context.registerBean(name, DataSource.class, () -> pool, definition -> definition.setDestroyMethodName(""));
    }
}
