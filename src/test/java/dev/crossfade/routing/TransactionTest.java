package dev.crossfade.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/**
 * Through the public interfaces of transaction and router a service can neither end them nor bypass the repositories.
 */
class TransactionTest {

    @Test
    void aServiceSeesWhatItMayCall() {
        assertThat(Transaction.class.getMethods())
                .extracting(Method::getName)
                .containsExactlyInAnyOrder("dsl", "nested");
    }

    @Test
    void aServiceSeesOfTheRouterWhatItMayCall() {
        assertThat(Router.class.getMethods())
                .extracting(Method::getName)
                .containsExactlyInAnyOrder("transaction", "readOnly", "join", "takePart", "dsl", "stage");
    }

    @Test
    void aFrameworkSeesTheEndAndNoRepositorysBusiness() {
        assertThat(Participation.class.getMethods())
                .extracting(Method::getName)
                .containsExactlyInAnyOrder("pinnedStage", "committed", "close");
    }

    @Test
    void nobodyElseImplementsThem() {
        assertThat(Arrays.asList(Router.class.getPermittedSubclasses())).containsExactly(EntityRouter.class);
        assertThat(Arrays.asList(Transaction.class.getPermittedSubclasses())).containsExactly(RoutedTransaction.class);
        assertThat(Arrays.asList(Participation.class.getPermittedSubclasses()))
                .containsExactly(RoutedTransaction.class);
    }
}
