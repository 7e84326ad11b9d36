package dev.crossfade.mappingfile;

import dev.crossfade.mappingfile.Declaration.Written;
import dev.crossfade.sql.Spelling;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** A map of the file whose keys are words: its entries in order, each with its line and its path. */
final class Section {

    /** A key of the section and the node under it. */
    record Item(Written key, String path, Node node) {

        boolean isEmpty() {
            return node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.NULL);
        }
    }

    private static final int LONGEST_KEY = 200;
    private static final int SHOWN_OF_A_LONG_KEY = 40;

    private final String path;
    private final int line;
    private final FileNotes notes;
    private final Map<String, Item> items = new LinkedHashMap<>();

    private Section(String path, int line, FileNotes notes) {
        this.path = path;
        this.line = line;
        this.notes = notes;
    }

    /** Reads a map. Notes a node that is not a map, keys that are not words, and duplicate keys. */
    static Optional<Section> of(String path, Node node, int line, FileNotes notes) {
        if (!(node instanceof MappingNode map)) {
            notes.error(
                    line,
                    path,
                    "Here is %s, where a map of keys and values is expected.".formatted(kind(node)),
                    "Write one 'key: value' a line, indented below it.");
            return Optional.empty();
        }
        Section section = new Section(path, line, notes);
        for (NodeTuple tuple : map.getValue()) {
            section.add(tuple);
        }
        return Optional.of(section);
    }

    private void add(NodeTuple tuple) {
        int keyLine = line(tuple.getKeyNode());
        if (!(tuple.getKeyNode() instanceof ScalarNode scalar)
                || scalar.getValue().isBlank()) {
            notes.error(keyLine, path, "Here is a key that is not a word.", "Use plain words as keys.");
            return;
        }
        String key = scalar.getValue();
        if (key.length() > LONGEST_KEY) {
            notes.error(
                    keyLine,
                    path,
                    String.format(
                            Locale.ROOT,
                            "Here is a key of %,d characters, which begins with '%s'.",
                            key.length(),
                            key.substring(0, SHOWN_OF_A_LONG_KEY)),
                    "No name of an entity or a column is longer than %s.".formatted(LONGEST_KEY));
            return;
        }
        Item item = new Item(new Written(key, keyLine), path.isEmpty() ? key : path + "." + key, tuple.getValueNode());
        Item before = items.putIfAbsent(key, item);
        if (before != null) {
            notes.error(
                    keyLine,
                    item.path,
                    "The key '%s' is here a second time; the first is on line %s.".formatted(key, before.key.line()),
                    "Remove one of them.");
        }
        notes.place(item.path, keyLine);
    }

    /** Returns the entries in the file's order. */
    List<Item> items() {
        return List.copyOf(items.values());
    }

    /** Tells whether there is an entry with this key. */
    boolean has(String key) {
        return items.containsKey(key);
    }

    /** Returns an entry. */
    Optional<Item> item(String key) {
        return Optional.ofNullable(items.get(key));
    }

    /** Returns an entry; notes an error if it is missing. */
    Optional<Item> require(String key, String remedy) {
        Optional<Item> item = item(key).filter(found -> !found.isEmpty());
        if (item.isEmpty()) {
            int where = item(key).map(found -> found.key.line()).orElse(line);
            notes.error(where, path.isEmpty() ? key : path + "." + key, "It is missing.", remedy);
        }
        return item;
    }

    /** Returns an entry's word; notes an error if it is missing or not a word. */
    Optional<Written> word(String key, String remedy) {
        return require(key, remedy).flatMap(this::word);
    }

    /** Returns an entry's value as a word; notes an error if it is not one. */
    Optional<Written> word(Item item) {
        return word(item.path, item.node, item.key.line());
    }

    /** Returns the words of a list, or the single word in its place; notes an error for whatever is not a word. */
    List<Written> words(Item item) {
        if (!(item.node instanceof SequenceNode list)) {
            return word(item).stream().toList();
        }
        List<Written> words = new ArrayList<>();
        list.getValue().forEach(node -> word(item.path, node, line(node)).ifPresent(words::add));
        return words;
    }

    private Optional<Written> word(String where, Node node, int fallback) {
        if (node instanceof ScalarNode scalar && !scalar.getValue().isBlank()) {
            return Optional.of(new Written(scalar.getValue().strip(), fallback));
        }
        notes.error(fallback, where, "Here is %s, where a word is expected.".formatted(kind(node)), "Write one value.");
        return Optional.empty();
    }

    /** Notes the keys that are not among {@code allowed}. */
    void allowOnly(Set<String> allowed) {
        for (Item item : items.values()) {
            if (!allowed.contains(item.key.text())) {
                notes.error(
                        item.key.line(),
                        item.path,
                        "The key '%s' means nothing here.".formatted(item.key.text()),
                        Spelling.remedy(
                                item.key.text(),
                                allowed,
                                "Allowed are: %s.".formatted(String.join(", ", new TreeSet<>(allowed)))));
            }
        }
    }

    /** Returns the line on which a node starts, from 1. */
    static int line(Node node) {
        return node.getStartMark().map(Mark::getLine).orElse(0) + 1;
    }

    /** Returns what a node is, for messages. */
    static String kind(Node node) {
        return switch (node) {
            case MappingNode map -> "a map";
            case SequenceNode list -> "a list";
            case ScalarNode scalar
            when scalar.getTag().equals(Tag.NULL) || scalar.getValue().isBlank() -> "nothing";
            default -> "a single value";
        };
    }
}
