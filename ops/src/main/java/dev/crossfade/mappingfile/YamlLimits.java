package dev.crossfade.mappingfile;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;

/**
 * Limits what a YAML text may contain. It checks the text as a stream before it is read as a whole, because deep
 * nesting would overflow the stack there, and aliases make a small text a large one.
 */
final class YamlLimits {

    /** The longest line. YAML's time to read a value grows with the square of its line's length. */
    static final int LINE = 50_000;

    /** Twice as deep as a mapping file goes. */
    static final int DEPTH = 10;

    /** Maps, lists and values; those behind an alias count each time. It is enough for hundreds of tables. */
    static final int NODES = 100_000;

    private final LoadSettings settings;
    /** For each open collection, how many nodes there were before it if it has an anchor, else null. */
    private final Deque<Open> open = new ArrayDeque<>();

    private final Map<Anchor, Integer> sizes = new HashMap<>();
    private int nodes;

    private record Open(Optional<Anchor> anchor, int before) {}

    /** The limit that was exceeded, and the line where it was. */
    record Excess(int line, String problem, String remedy) {}

    YamlLimits(LoadSettings settings) {
        this.settings = settings;
    }

    /**
     * Returns the limit that a text exceeds, empty if it exceeds none.
     *
     * @throws org.snakeyaml.engine.v2.exceptions.YamlEngineException if it is not YAML
     */
    Optional<Excess> exceededBy(String text) {
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            if (line.length() > LINE) {
                return Optional.of(new Excess(
                        number,
                        String.format(
                                Locale.ROOT, "The line has %,d characters, and may have %,d.", line.length(), LINE),
                        "Write one 'key: value' a line."));
            }
        }
        for (Event event : new Parse(settings).parseString(text)) {
            Optional<Excess> excess = excess(event);
            if (excess.isPresent()) {
                return excess;
            }
        }
        return Optional.empty();
    }

    private Optional<Excess> excess(Event event) {
        if (event instanceof AliasEvent alias) {
            Integer size = sizes.get(alias.getAlias());
            if (size == null) {
                return Optional.of(new Excess(
                        line(event),
                        "The alias '*%s' stands for nothing that is complete before it."
                                .formatted(alias.getAlias().getValue()),
                        "Write out what it stands for."));
            }
            nodes += size;
        } else if (event instanceof CollectionEndEvent) {
            Open closed = open.pop();
            closed.anchor().ifPresent(anchor -> sizes.put(anchor, nodes - closed.before()));
        } else if (event instanceof NodeEvent node) {
            if (node instanceof CollectionStartEvent) {
                open.push(new Open(node.getAnchor(), nodes));
                node.getAnchor().ifPresent(sizes::remove);
            } else {
                node.getAnchor().ifPresent(anchor -> sizes.put(anchor, 1));
            }
            nodes++;
        }
        if (open.size() > DEPTH) {
            return Optional.of(
                    new Excess(
                            line(event),
                            "Maps and lists lie in each other more than %s levels deep.".formatted(DEPTH),
                            "A mapping file needs five: entities, one entity, 'project', a column, its SQL. Look for a bracket that is not closed."));
        }
        if (nodes > NODES || nodes < 0) {
            return Optional.of(new Excess(
                    line(event),
                    String.format(
                            Locale.ROOT,
                            "There are more than %,d keys and values up to here, those behind an alias counted each time.",
                            NODES),
                    "Divide the file, and give each worker its part."));
        }
        return Optional.empty();
    }

    private static int line(Event event) {
        return event.getStartMark().map(Mark::getLine).orElse(0) + 1;
    }
}
