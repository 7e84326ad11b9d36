package dev.crossfade.schema.file;

import dev.crossfade.model.Side;
import dev.crossfade.sql.SqlScanner;
import dev.crossfade.sql.SqlToken;
import dev.crossfade.sql.SqlToken.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The directives in the comment lines at the head of an up file: {@code -- crossfade: key=value}. */
record Directives(Side side, Phase phase, List<String> entities) {

    private static final Pattern DIRECTIVE = Pattern.compile("--\\s*crossfade:(.*)");
    private static final Pattern ASSIGNMENT = Pattern.compile("\\s*([A-Za-z_-]+)\\s*=\\s*(.*?)\\s*");

    /** Reads the head of an up file; adds its errors to {@code problems}. */
    static Directives read(MigrationScript script, Problems problems) {
        Reader reader = new Reader(script.name(), problems);
        boolean head = true;
        for (SqlToken token : SqlScanner.scan(script.text())) {
            head &= token.kind() == Kind.COMMENT;
            Matcher directive = DIRECTIVE.matcher(token.text());
            if (token.kind() == Kind.COMMENT && directive.matches()) {
                reader.directive(token.line(), directive.group(1), head);
            }
        }
        return reader.finish();
    }

    /** Reports directives in a down file. Those of the up file hold for both. */
    static void refuseIn(MigrationScript down, Problems problems) {
        SqlScanner.scan(down.text()).stream()
                .filter(token -> token.kind() == Kind.COMMENT)
                .filter(token -> DIRECTIVE.matcher(token.text()).matches())
                .forEach(token -> problems.add(
                        down.name() + ":" + token.line(),
                        "directives belong into the up file, which decides for both. Remove this line."));
    }

    private static final class Reader {

        private final String file;
        private final Problems problems;
        private Optional<Side> side = Optional.empty();
        private Optional<Phase> phase = Optional.empty();
        private final LinkedHashSet<String> entities = new LinkedHashSet<>();

        Reader(String file, Problems problems) {
            this.file = file;
            this.problems = problems;
        }

        void directive(int line, String text, boolean head) {
            String where = file + ":" + line;
            Matcher assignment = ASSIGNMENT.matcher(text);
            if (!head) {
                problems.add(
                        where, "a directive after the first statement has no effect. Move it to the top of the file.");
            } else if (!assignment.matches()) {
                problems.add(
                        where,
                        "a directive reads `-- crossfade: key=value`, with one of the keys side, phase, entity.");
            } else {
                assign(where, assignment.group(1).toLowerCase(Locale.ROOT), assignment.group(2));
            }
        }

        private void assign(String where, String key, String value) {
            switch (key) {
                case "side" -> side = single(where, key, side, choose(where, key, value, Side.values(), Side::label));
                case "phase" ->
                    phase = single(where, key, phase, choose(where, key, value, Phase.values(), Phase::label));
                case "entity" -> addEntities(where, value);
                default ->
                    problems.add(
                            where,
                            "there is no directive '%s'. The directives are side, phase and entity.".formatted(key));
            }
        }

        private <T> Optional<T> single(String where, String key, Optional<T> before, Optional<T> now) {
            if (before.isPresent()) {
                problems.add(where, "'%s' is set a second time. Keep one of the lines.".formatted(key));
            }
            return now.isPresent() ? now : before;
        }

        private <T> Optional<T> choose(String where, String key, String value, T[] choices, Function<T, String> label) {
            Optional<T> chosen = Arrays.stream(choices)
                    .filter(choice -> label.apply(choice).equalsIgnoreCase(value))
                    .findFirst();
            if (chosen.isEmpty()) {
                String allowed = Arrays.stream(choices).map(label).collect(Collectors.joining(" or "));
                problems.add(where, "%s is '%s'. Write %s.".formatted(key, value, allowed));
            }
            return chosen;
        }

        private void addEntities(String where, String value) {
            List<String> names =
                    Stream.of(value.split(",", -1)).map(String::strip).toList();
            if (names.contains("")) {
                problems.add(
                        where, "an entity's name is empty. Write `-- crossfade: entity=user` or `entity=user,order`.");
            }
            names.stream().filter(name -> !name.isEmpty()).forEach(entities::add);
        }

        Directives finish() {
            Phase found = phase.orElse(Phase.EXPAND);
            if (found == Phase.CONTRACT && entities.isEmpty()) {
                problems.add(
                        file,
                        "a contract migration must name the entities whose structures it takes away. "
                                + "Add `-- crossfade: entity=<entity>` at the top.");
            }
            return new Directives(side.orElse(Side.MODERN), found, new ArrayList<>(entities));
        }
    }
}
