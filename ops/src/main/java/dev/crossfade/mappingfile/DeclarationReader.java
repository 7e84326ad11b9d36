package dev.crossfade.mappingfile;

import dev.crossfade.mapping.EntityName;
import dev.crossfade.mapping.TableMapping.Kind;
import dev.crossfade.mappingfile.Declaration.ColumnExpression;
import dev.crossfade.mappingfile.Declaration.DeclaredRoles;
import dev.crossfade.mappingfile.Declaration.KeyPair;
import dev.crossfade.mappingfile.Declaration.Written;
import dev.crossfade.mappingfile.Section.Item;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Reads the file's text into declarations, and notes every error in its form. */
final class DeclarationReader {

    private static final Set<String> TABLE_KEYS =
            Set.of("legacy", "modern", "key", "project", "restore", "fill", "derived", "ignore");
    private static final Set<String> COLUMN_KEYS =
            Set.of("table", "key", "project", "restore", "fill", "derived", "ignore");
    private static final String ENTITIES = "entities";
    private static final String EMPTY_REMEDY =
            "Declare at least one entity: 'entities:', below it its name, below that legacy, modern, key, project and restore.";

    private final FileNotes notes;
    private final List<String> lines;
    private final String text;

    DeclarationReader(String text, FileNotes notes) {
        this.text = text;
        this.lines = text.lines().toList();
        this.notes = notes;
    }

    /** Returns the entities whose declaration is complete. */
    List<Declaration> read() {
        Optional<Node> root;
        LoadSettings settings = LoadSettings.builder()
                .setAllowNonScalarKeys(true)
                .setMaxAliasesForCollections(YamlLimits.NODES)
                .build();
        try {
            Optional<YamlLimits.Excess> excess = new YamlLimits(settings).exceededBy(text);
            if (excess.isPresent()) {
                notes.error(
                        excess.get().line(),
                        ENTITIES,
                        excess.get().problem(),
                        excess.get().remedy());
                return List.of();
            }
            root = new Compose(settings).composeString(text);
        } catch (MarkedYamlEngineException e) {
            int line =
                    e.getProblemMark().or(e::getContextMark).map(Mark::getLine).orElse(0) + 1;
            notes.error(line, ENTITIES, "This is not YAML: %s.".formatted(e.getProblem()), yamlRemedy());
            return List.of();
        } catch (YamlEngineException e) {
            notes.error(1, ENTITIES, "This is not YAML: %s".formatted(e.getMessage()), yamlRemedy());
            return List.of();
        }
        if (root.isEmpty()) {
            notes.error(1, ENTITIES, "The file is empty.", EMPTY_REMEDY);
            return List.of();
        }
        return Section.of("", root.get(), Section.line(root.get()), notes)
                .map(this::entities)
                .orElseGet(List::of);
    }

    private static String yamlRemedy() {
        return "Indent with spaces; put SQL that starts with a quote, or holds ': ' or ' #', on a line of its own below 'column: |'.";
    }

    private List<Declaration> entities(Section file) {
        file.allowOnly(Set.of(ENTITIES));
        Optional<Section> entities = file.require(ENTITIES, EMPTY_REMEDY)
                .flatMap(item -> Section.of(item.path(), item.node(), item.key().line(), notes));
        List<Declaration> declarations = new ArrayList<>();
        entities.ifPresent(section -> {
            if (section.items().isEmpty()) {
                notes.error(file.items().getFirst().key().line(), ENTITIES, "There are no entities.", EMPTY_REMEDY);
            }
            section.items().forEach(item -> entity(item).ifPresent(declarations::add));
        });
        return declarations;
    }

    private Optional<Declaration> entity(Item item) {
        if (!EntityName.isValid(item.key().text())) {
            notes.error(
                    item.key().line(),
                    item.path(),
                    "'%s' cannot be an entity's name.".formatted(item.key().text()),
                    "Begin with a lower-case letter and go on with lower-case letters, digits, '-' and '_': the name is part of flags and metrics.");
            return Optional.empty();
        }
        return Section.of(item.path(), item.node(), item.key().line(), notes)
                .flatMap(section -> section.has("table") ? columns(item, section) : tables(item, section));
    }

    private Optional<Declaration> tables(Item item, Section section) {
        section.allowOnly(TABLE_KEYS);
        Optional<Written> legacy = section.word("legacy", "Name the legacy table: 'legacy: schema.table'.");
        Optional<Written> modern = section.word("modern", "Name the modern table: 'modern: schema.table'.");
        Optional<List<KeyPair>> key = key(section);
        Optional<List<ColumnExpression>> project = project(section);
        Optional<List<ColumnExpression>> restore = restore(section);
        if (legacy.isEmpty() || modern.isEmpty() || key.isEmpty() || project.isEmpty() || restore.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Declaration(
                item.key(),
                Kind.TABLE,
                legacy.get(),
                modern.get(),
                key.get(),
                project.get(),
                restore.get(),
                roles(section)));
    }

    private Optional<Declaration> columns(Item item, Section section) {
        for (String side : List.of("legacy", "modern")) {
            section.item(side)
                    .ifPresent(found -> notes.error(
                            found.key().line(),
                            found.path(),
                            "'%s' and 'table' contradict each other.".formatted(side),
                            "Use legacy and modern for two tables, or table alone for columns of one table."));
        }
        if (!section.has("legacy") && !section.has("modern")) {
            section.allowOnly(COLUMN_KEYS);
        }
        Optional<Written> table = section.word("table", "Name the table: 'table: schema.table'.");
        Optional<List<KeyPair>> key = key(section).filter(pairs -> sameNames(section, pairs));
        Optional<List<ColumnExpression>> project = project(section);
        Optional<List<ColumnExpression>> restore = restore(section);
        if (table.isEmpty() || key.isEmpty() || project.isEmpty() || restore.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Declaration(
                item.key(),
                Kind.COLUMN,
                table.get(),
                table.get(),
                key.get(),
                project.get(),
                restore.get(),
                roles(section)));
    }

    private boolean sameNames(Section section, List<KeyPair> pairs) {
        boolean same = pairs.stream()
                .allMatch(pair -> pair.legacy().text().equals(pair.modern().text()));
        if (!same) {
            section.item("key")
                    .ifPresent(item -> notes.error(
                            item.key().line(),
                            item.path(),
                            "The key has different columns for legacy and modern, but there is one table.",
                            "List the key's columns once: 'key: id' or 'key: [a, b]'."));
        }
        return same;
    }

    /** The key is one column, a list of columns, or a map of legacy to modern columns. */
    private Optional<List<KeyPair>> key(Section section) {
        String remedy = "Name the columns that identify a row: 'key: { legacy_column: modern_column }'.";
        return section.require("key", remedy).map(item -> {
            List<KeyPair> pairs = new ArrayList<>();
            if (item.node() instanceof MappingNode) {
                Section.of(item.path(), item.node(), item.key().line(), notes)
                        .ifPresent(map -> map.items().forEach(pair -> {
                            Optional<Written> modern = pair.isEmpty() ? Optional.of(pair.key()) : map.word(pair);
                            modern.ifPresent(name -> pairs.add(new KeyPair(pair.key(), name)));
                        }));
            } else {
                section.words(item).forEach(word -> pairs.add(new KeyPair(word, word)));
            }
            return pairs;
        });
    }

    /** Where columns are filled, nothing needs to be projected. */
    private Optional<List<ColumnExpression>> project(Section section) {
        return section.has("fill") && !section.has("project")
                ? Optional.of(List.of())
                : required(
                        section,
                        "project",
                        "Write each modern column and the SQL over the legacy row that it follows from.");
    }

    private Optional<List<ColumnExpression>> restore(Section section) {
        return section.has("project") || section.has("restore") || !section.has("fill")
                ? required(
                        section,
                        "restore",
                        "Write each legacy column and the SQL over the modern row that it follows from; without it there is no way back.")
                : Optional.of(List.of());
    }

    private DeclaredRoles roles(Section section) {
        return new DeclaredRoles(
                section.item("fill").flatMap(this::entries).orElseGet(List::of),
                section.item("derived").map(section::words).orElseGet(List::of),
                section.item("ignore").map(section::words).orElseGet(List::of));
    }

    private Optional<List<ColumnExpression>> required(Section section, String name, String remedy) {
        return section.require(name, remedy).flatMap(this::entries);
    }

    private Optional<List<ColumnExpression>> entries(Item item) {
        return Section.of(item.path(), item.node(), item.key().line(), notes)
                .map(map ->
                        map.items().stream().flatMap(one -> entry(one).stream()).toList());
    }

    private Optional<ColumnExpression> entry(Item item) {
        if (!(item.node() instanceof ScalarNode scalar)) {
            notes.error(
                    item.key().line(),
                    item.path(),
                    "Here is %s, where an SQL expression is expected.".formatted(Section.kind(item.node())),
                    "Write 'column: expression'.");
            return Optional.empty();
        }
        String lost = takenForComment(scalar);
        if (!lost.isEmpty()) {
            notes.error(
                    item.key().line(),
                    item.path(),
                    "YAML takes '%s' and what follows for a comment, so that the expression ends before it."
                            .formatted(lost),
                    "Put the expression in double quotes, or on a line of its own below 'column: |'.");
            return Optional.empty();
        }
        return Optional.of(new ColumnExpression(item.key(), scalar.getValue().strip()));
    }

    /** Returns the operator after a plain value, such as {@code #>>}, that YAML has dropped as a comment. */
    private String takenForComment(ScalarNode scalar) {
        if (scalar.getScalarStyle() != ScalarStyle.PLAIN || scalar.getEndMark().isEmpty()) {
            return "";
        }
        Mark end = scalar.getEndMark().get();
        if (end.getLine() >= lines.size()) {
            return "";
        }
        String line = lines.get(end.getLine());
        int column = line.offsetByCodePoints(0, Math.min(end.getColumn(), line.codePointCount(0, line.length())));
        String rest = line.substring(column).strip();
        return List.of("#>>", "#>", "#-", "#=", "##").stream()
                .filter(rest::startsWith)
                .findFirst()
                .orElse("");
    }
}
