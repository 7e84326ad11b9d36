package dev.crossfade.mappingfile;

import dev.crossfade.model.InvalidInputException;
import dev.crossfade.sql.SqlScanner;
import dev.crossfade.sql.SqlToken;
import dev.crossfade.sql.SqlToken.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jooq.Name;
import org.jooq.impl.DSL;

/** Reads names as PostgreSQL does: letters outside double quotes are folded to lower case. */
final class SqlName {

    private static final String DEFAULT_SCHEMA = "public";

    private SqlName() {}

    /**
     * Reads {@code table} or {@code schema.table}.
     *
     * @return what the name may stand for, the likeliest first: folded, then as written; empty if it is not a name
     */
    static List<Name> table(String written) {
        List<Name> names = new ArrayList<>();
        table(written, SqlName::fold).ifPresent(names::add);
        table(written, UnaryOperator.identity())
                .filter(name -> !names.contains(name))
                .ifPresent(names::add);
        return names;
    }

    /** Reads a column's name. If the folded name does not exist and the name as written does, it returns the latter. */
    static String column(String written, Predicate<String> exists) {
        String text = written.strip();
        if (text.length() > 2 && text.startsWith("\"") && text.endsWith("\"")) {
            return unquote(text);
        }
        String folded = fold(text);
        return !exists.test(folded) && exists.test(text) ? text : folded;
    }

    private static Optional<Name> table(String written, UnaryOperator<String> unquoted) {
        List<SqlToken> tokens;
        try {
            tokens = SqlScanner.scan(written);
        } catch (InvalidInputException e) {
            return Optional.empty();
        }
        boolean dotted = tokens.size() == 3 && tokens.get(1).isSymbol(".");
        if (!dotted && tokens.size() != 1) {
            return Optional.empty();
        }
        List<String> parts = new ArrayList<>(dotted ? List.of() : List.of(DEFAULT_SCHEMA));
        for (SqlToken token : tokens) {
            if (token.kind() == Kind.WORD) {
                parts.add(unquoted.apply(token.text()));
            } else if (token.kind() == Kind.QUOTED_IDENTIFIER && token.text().startsWith("\"")) {
                parts.add(unquote(token.text()));
            }
        }
        return parts.size() == 2 && parts.stream().noneMatch(String::isEmpty)
                ? Optional.of(DSL.name(parts.getFirst(), parts.getLast()))
                : Optional.empty();
    }

    private static String unquote(String quoted) {
        return quoted.substring(1, quoted.length() - 1).replace("\"\"", "\"");
    }

    /** Folds ASCII letters only, as the server does with UTF-8. */
    private static String fold(String name) {
        StringBuilder folded = new StringBuilder(name.length());
        name.chars().forEach(c -> folded.append((char) (c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c)));
        return folded.toString();
    }
}
