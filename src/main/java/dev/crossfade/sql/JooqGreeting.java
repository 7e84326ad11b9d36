package dev.crossfade.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jooq.SQLDialect;
import org.jooq.conf.Settings;
import org.jooq.impl.DSL;
import org.jooq.tools.jdbc.MockConnection;
import org.jooq.tools.jdbc.MockResult;

/**
 * Keeps jOOQ's logo, its tip of the day, and its remark that a server is older than its dialect out of the log of a
 * service. jOOQ logs each once, with the first statement that anybody renders or runs. Only system properties, which
 * it reads at that moment, switch that off: they are set until then. All other logging of jOOQ stays as it is.
 */
public final class JooqGreeting {

    /** Crossfade checks the server's version itself, see the oldest server of the control schema. */
    private static final Map<String, String> PROPERTIES = Map.of(
            "org.jooq.no-logo", "true",
            "org.jooq.no-tips", "true",
            "org.jooq.log.org.jooq.impl.DefaultExecuteContext.logVersionSupport", "ERROR");

    private JooqGreeting() {}

    /** Runs a statement silently, without a server; no effect if jOOQ has run one before. */
    public static void suppress(Settings settings) {
        List<String> ours = new ArrayList<>();
        PROPERTIES.forEach((property, value) -> {
            if (System.getProperty(property) == null) {
                System.setProperty(property, value);
                ours.add(property);
            }
        });
        MockConnection nowhere = new MockConnection(statement -> new MockResult[] {new MockResult(0)});
        try {
            DSL.using(nowhere, SQLDialect.POSTGRES, settings).execute("select 1");
        } finally {
            ours.forEach(System::clearProperty);
        }
    }
}
