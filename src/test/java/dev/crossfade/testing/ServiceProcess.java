package dev.crossfade.testing;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.crossfade.control.Databases;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** A service in a process of its own, on the databases of a world. */
public final class ServiceProcess {

    private ServiceProcess() {}

    /** Starts a main class; it gets {@code firstKey} and where the databases are. */
    public static Process start(Class<?> main, World world, long firstKey) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "-Xmx192m",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName(),
                Long.toString(firstKey),
                world.legacy().user(),
                world.legacy().password(),
                world.legacy().url()));
        if (world.modern() != world.legacy()) {
            command.add(world.modern().url());
        }
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** Returns the first key, for such a main class. */
    public static long firstKey(String[] arguments) {
        return Long.parseLong(arguments[0]);
    }

    /** Connects to the databases, for such a main class. */
    public static Databases databases(String[] arguments) {
        DataSource legacy = pool(arguments, arguments[3]);
        return new Databases(legacy, arguments.length > 4 ? pool(arguments, arguments[4]) : legacy);
    }

    private static DataSource pool(String[] arguments, String url) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setUsername(arguments[1]);
        config.setPassword(arguments[2]);
        config.setMaximumPoolSize(8);
        config.setMinimumIdle(0);
        return new HikariDataSource(config);
    }
}
