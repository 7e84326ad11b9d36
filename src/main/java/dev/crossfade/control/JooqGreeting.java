package dev.crossfade.control;

import java.util.ArrayList;
import java.util.List;
import org.jooq.SQLDialect;
import org.jooq.conf.Settings;
import org.jooq.impl.DSL;

/**
 * Keeps jOOQ's logo and its tip of the day out of the log of a service. jOOQ prints both when it renders its first
 * statement, whoever asks for that, and looks at nothing but system properties: these are set for that moment alone.
 */
final class JooqGreeting {

    private static final List<String> PROPERTIES = List.of("org.jooq.no-logo", "org.jooq.no-tips");

    private JooqGreeting() {}

    /** Renders a statement in silence; of no effect where jOOQ has rendered one before. */
    static void suppress(Settings settings) {
        List<String> ours = new ArrayList<>();
        for (String property : PROPERTIES) {
            if (System.getProperty(property) == null) {
                System.setProperty(property, "true");
                ours.add(property);
            }
        }
        try {
            DSL.using(SQLDialect.POSTGRES, settings).render(DSL.inline(1));
        } finally {
            ours.forEach(System::clearProperty);
        }
    }
}
