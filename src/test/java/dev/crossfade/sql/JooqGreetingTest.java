package dev.crossfade.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.control.Databases;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DatabaseMetaData;
import java.util.ArrayList;
import java.util.List;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.jooq.tools.jdbc.MockConnection;
import org.jooq.tools.jdbc.MockResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In processes of their own, as jOOQ greets once. */
class JooqGreetingTest {

    private static final String EVERYTHING = """
            <configuration>
              <appender name="out" class="ch.qos.logback.core.ConsoleAppender"><encoder><pattern>%logger %msg%n</pattern></encoder></appender>
              <root level="INFO"><appender-ref ref="out"/></root>
            </configuration>
            """;

    @TempDir
    private Path folder;

    @Test
    void aServiceIsNotGreetedAndItsPropertiesStayAsTheyWere() throws Exception {
        assertThat(outputOf(Service.class)).containsExactly("select 1 null null");
        assertThat(outputOf(Service.class, "-Dorg.jooq.no-tips=false"))
                .hasSizeGreaterThan(1)
                .last()
                .isEqualTo("select 1 null false");
    }

    /** What the test above would find. */
    @Test
    void withoutCrossfadeItIs() throws Exception {
        assertThat(outputOf(Other.class))
                .anyMatch(line -> line.contains("Thank you for using jOOQ"))
                .anyMatch(line -> line.contains("Database version is older"));
    }

    private List<String> outputOf(Class<?> main, String... options) throws IOException, InterruptedException {
        Path logging = Files.writeString(folder.resolve("logging.xml"), EVERYTHING);
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(List.of(options));
        command.addAll(List.of(
                "-Dlogback.configurationFile=" + logging,
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        assertThat(process.waitFor()).isZero();
        return lines;
    }

    /** Renders through Crossfade, then by itself. */
    static final class Service {

        private Service() {}

        public static void main(String[] arguments) {
            Databases.renderer().render(DSL.inline(1));
            run();
            System.out.println(DSL.using(SQLDialect.POSTGRES).render(DSL.select(DSL.inline(1))) + " "
                    + System.getProperty("org.jooq.no-logo") + " " + System.getProperty("org.jooq.no-tips"));
        }
    }

    /** Renders without Crossfade. */
    static final class Other {

        private Other() {}

        public static void main(String[] arguments) {
            System.out.println(DSL.using(SQLDialect.POSTGRES).render(DSL.select(DSL.inline(1))));
            run();
        }
    }

    /** On a server that says that it is an old one. */
    private static void run() {
        DatabaseMetaData old = (DatabaseMetaData) Proxy.newProxyInstance(
                JooqGreetingTest.class.getClassLoader(),
                new Class<?>[] {DatabaseMetaData.class},
                (proxy, method, of) -> method.getReturnType() == int.class ? (Object) 9 : "9.6");
        MockConnection server = new MockConnection(statement -> new MockResult[] {new MockResult(0)}) {
            @Override
            public DatabaseMetaData getMetaData() {
                return old;
            }
        };
        DSL.using(server, SQLDialect.POSTGRES).execute("select 1");
    }
}
