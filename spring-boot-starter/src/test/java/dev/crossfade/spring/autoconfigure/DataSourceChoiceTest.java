package dev.crossfade.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.Crossfade;
import dev.crossfade.spring.transaction.AuthorityTransactions;
import java.util.Objects;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;
import org.springframework.beans.factory.support.BeanDefinitionBuilder;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;

/** Which data sources are chosen, and what is said when that cannot be told; nothing connects here. */
class DataSourceChoiceTest {

    private static final DataSource ONE = nowhere();
    private static final DataSource OTHER = nowhere();

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    CrossfadeAutoConfiguration.class, CrossfadeTransactionManagerAutoConfiguration.class));

    @Test
    void theOnlyDataSourceHasBothSchemas() {
        ChosenDataSources chosen = choose(runner.withBean("pool", DataSource.class, () -> ONE));

        assertThat(chosen.legacy()).isSameAs(ONE).isSameAs(chosen.modern());
    }

    @Test
    void wrappersOfOneDataSourceAreOneDatabase() {
        DataSource proxy = new TransactionAwareDataSourceProxy(new LazyConnectionDataSourceProxy(ONE));

        ChosenDataSources chosen = choose(runner.withBean("pool", DataSource.class, () -> ONE)
                .withBean("proxy", DataSource.class, () -> proxy, bean -> bean.setPrimary(true)));

        assertThat(chosen.areSeparate()).isFalse();
        assertThat(chosen.legacy()).isInstanceOf(LazyConnectionDataSourceProxy.class);
    }

    @Test
    void twoDataSourcesAreTakenByTheirNames() {
        ChosenDataSources chosen = choose(runner.withBean("legacyDataSource", DataSource.class, () -> ONE)
                .withBean("modernDataSource", DataSource.class, () -> OTHER)
                .withBean("reports", DataSource.class, DataSourceChoiceTest::nowhere));

        assertThat(chosen.legacy()).isSameAs(ONE);
        assertThat(chosen.modern()).isSameAs(OTHER);
    }

    @Test
    void settingsNameBeansOrQualifiers() {
        ChosenDataSources chosen = choose(runner.withBean("first", DataSource.class, () -> ONE)
                .withInitializer(context ->
                        ((GenericApplicationContext) context).registerBeanDefinition("second", qualified("next")))
                .withPropertyValues("crossfade.legacy-data-source=first", "crossfade.modern-data-source=next"));

        assertThat(chosen.legacy()).isSameAs(ONE);
        assertThat(chosen.modern()).isSameAs(OTHER);
    }

    @Test
    void oneOfSeveralMayHaveBothSchemas() {
        ChosenDataSources chosen = choose(runner.withBean("shop", DataSource.class, () -> ONE)
                .withBean("reports", DataSource.class, () -> OTHER)
                .withPropertyValues("crossfade.data-source=shop"));

        assertThat(chosen.legacy()).isSameAs(ONE).isSameAs(chosen.modern());
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                Arguments.of(
                        new String[] {},
                        "cannot tell which of these data sources has the legacy schema and which the modern one: 'first', 'second'"),
                Arguments.of(
                        new String[] {"crossfade.data-source=third"},
                        "crossfade.data-source is 'third', and no data source has this bean name or qualifier; there are: 'first', 'second'"),
                Arguments.of(
                        new String[] {"crossfade.legacy-data-source=first", "crossfade.modern-data-source=last"},
                        "crossfade.modern-data-source is 'last'"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void whatCannotBeToldIsRefusedWithWhatToSet(String[] settings, String finding) {
        runner.withBean("first", DataSource.class, () -> ONE)
                .withBean("second", DataSource.class, () -> OTHER)
                .withPropertyValues(settings)
                .run(context -> {
                    assertThat(context).hasFailed();
                    Throwable failure = Objects.requireNonNull(context.getStartupFailure());
                    assertThat(failure).hasRootCauseInstanceOf(DataSourceChoiceException.class);
                    FailureAnalysis analysis =
                            Objects.requireNonNull(new DataSourceChoiceFailureAnalyzer().analyze(failure));
                    assertThat(analysis.getDescription()).contains(finding);
                    assertThat(analysis.getAction()).isNotBlank().doesNotContain(finding);
                });
    }

    @Test
    void aProxyThatWouldCommitTheCallersTransactionIsRefused() {
        DataSource hidden = new DelegatingDataSource(new TransactionAwareDataSourceProxy(ONE));

        runner.withBean("pool", DataSource.class, () -> hidden)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(DataSourceChoiceException.class)
                        .hasMessageContaining("TransactionAwareDataSourceProxy"));
    }

    @Test
    void everySettingThatCannotBeUsedIsNamedAtOnce() {
        runner.withBean("pool", DataSource.class, () -> ONE)
                .withPropertyValues(
                        "crossfade.mirror-budget=0ms",
                        "crossfade.liveness=100ms",
                        "crossfade.shadow-per-mille=1001",
                        "crossfade.mirror-concurrency=0",
                        "crossfade.legacy-data-source=pool")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("crossfade.mirror-budget is 0 s; it must be 1 ms or more.")
                        .hasMessageContaining("crossfade.liveness is 100 ms; it must be 500 ms or more.")
                        .hasMessageContaining("crossfade.shadow-per-mille is 1001; it must be from 0 to 1000.")
                        .hasMessageContaining("crossfade.mirror-concurrency is 0")
                        .hasMessageContaining("are set together or not at all"));
    }

    @Test
    void anOddValueOfTheVariableIsRefused() {
        runner.withBean("pool", DataSource.class, () -> ONE)
                .withPropertyValues("ENABLE_MODERN_WRITE=maybe")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("ENABLE_MODERN_WRITE is 'maybe'"));
    }

    @Test
    void nothingIsConfiguredWithoutADataSourceOrWhereItIsSwitchedOff() {
        runner.run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(Crossfade.class));
        runner.withBean("legacyDataSource", DataSource.class, () -> ONE)
                .withBean("modernDataSource", DataSource.class, () -> OTHER)
                .withPropertyValues("crossfade.enabled=false")
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean(Crossfade.class)
                        .doesNotHaveBean(AuthorityTransactions.class));
    }

    private static ChosenDataSources choose(ApplicationContextRunner beans) {
        ChosenDataSources[] chosen = new ChosenDataSources[1];
        // Crossfade itself would connect.
        beans.withInitializer(context ->
                        context.addBeanFactoryPostProcessor(factory -> Stream.of(factory.getBeanDefinitionNames())
                                .map(factory::getBeanDefinition)
                                .forEach(definition -> definition.setLazyInit(true))))
                .run(context -> chosen[0] = context.getBean(ChosenDataSources.class));
        return chosen[0];
    }

    private static DataSource nowhere() {
        return new DriverManagerDataSource("jdbc:postgresql://localhost:1/nowhere");
    }

    private static AbstractBeanDefinition qualified(String qualifier) {
        AbstractBeanDefinition bean = BeanDefinitionBuilder.genericBeanDefinition(DataSource.class, () -> OTHER)
                .getBeanDefinition();
        bean.addQualifier(new AutowireCandidateQualifier(Qualifier.class, qualifier));
        return bean;
    }
}
