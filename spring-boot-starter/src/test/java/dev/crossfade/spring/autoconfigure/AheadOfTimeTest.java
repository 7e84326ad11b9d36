package dev.crossfade.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.crossfade.Crossfade;
import dev.crossfade.testing.Users.DualWriteUsers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringApplicationAotProcessor;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.aot.AbstractAotProcessor.Settings;

/** A service with the starter can be processed ahead of time, which needs no database. */
class AheadOfTimeTest {

    @TempDir
    private Path folder;

    @Test
    void theBeansOfTheStarterAreProcessed() throws IOException {
        Settings settings = Settings.builder()
                .sourceOutput(folder.resolve("sources"))
                .resourceOutput(folder.resolve("resources"))
                .classOutput(folder.resolve("classes"))
                .groupId("com.example")
                .artifactId("service")
                .build();

        new SpringApplicationAotProcessor(
                        Service.class, settings, new String[] {"--spring.data.jpa.repositories.enabled=false"})
                .process();

        try (Stream<Path> sources = Files.walk(folder.resolve("sources"))) {
            assertThat(sources.map(file -> String.valueOf(file.getFileName())))
                    .contains(
                            "CrossfadeAutoConfiguration__BeanDefinitions.java",
                            "CrossfadeTransactionManagerAutoConfiguration__BeanDefinitions.java",
                            "CrossfadeActuatorAutoConfiguration__BeanDefinitions.java");
        }
    }

    /** A service with a data source for each side. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Service {

        public static void main(String[] arguments) {
            SpringApplication.run(Service.class, arguments);
        }

        @Bean
        DataSource legacyDataSource() {
            return new HikariDataSource();
        }

        @Bean
        DataSource modernDataSource() {
            return new HikariDataSource();
        }

        @Bean
        DualWriteUsers users(Crossfade crossfade) {
            return new DualWriteUsers(crossfade.routing());
        }
    }
}
