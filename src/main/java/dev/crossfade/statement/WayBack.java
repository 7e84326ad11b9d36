package dev.crossfade.statement;

import dev.crossfade.mapping.Derived;
import dev.crossfade.mapping.KeyTypes;
import dev.crossfade.mapping.Relation;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.sql.SqlScanner;
import dev.crossfade.sql.SqlToken;
import dev.crossfade.sql.SqlToken.Kind;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Which columns of a mapping the legacy side may bring back as something else than what the modern side had. */
final class WayBack {

    private WayBack() {}

    /**
     * Returns the modern columns of which the words alone do not show that every value comes back: all but those that
     * both expressions only copy, through a legacy column that holds every value of the modern one. A derived column is
     * not the service's to set, and follows again from whatever comes back.
     */
    static List<Derived> uncertain(TableMapping mapping) {
        return mapping.project().stream()
                .filter(projected -> !mapping.roles().isDerived(projected.column()))
                .filter(projected -> !isCopiedBothWays(mapping, projected))
                .toList();
    }

    private static boolean isCopiedBothWays(TableMapping mapping, Derived projected) {
        return copied(projected.expression(), mapping.legacy())
                .flatMap(legacy -> mapping.restore().stream()
                        .filter(restored -> restored.column().name().equals(legacy))
                        .findFirst())
                .filter(restored -> copied(restored.expression(), mapping.modern())
                        .filter(projected.column().name()::equals)
                        .isPresent())
                .filter(restored -> KeyTypes.fits(projected.column(), restored.column()))
                .isPresent();
    }

    /** Returns the column that an expression is, with or without its table's name; empty if it is anything else. */
    private static Optional<String> copied(String expression, Relation relation) {
        List<SqlToken> tokens = SqlScanner.scan(expression);
        boolean qualified = tokens.size() == 3
                && tokens.get(1).isSymbol(".")
                && identifier(tokens.getFirst())
                        .filter(relation.table()::equals)
                        .isPresent();
        return qualified || tokens.size() == 1
                ? identifier(tokens.getLast())
                        .filter(named -> relation.allColumns().stream()
                                .anyMatch(column -> column.name().equals(named)))
                : Optional.empty();
    }

    private static Optional<String> identifier(SqlToken token) {
        if (token.kind() == Kind.WORD) {
            return Optional.of(token.text().toLowerCase(Locale.ROOT));
        }
        String text = token.text();
        return token.kind() == Kind.QUOTED_IDENTIFIER && text.startsWith("\"")
                ? Optional.of(text.substring(1, text.length() - 1).replace("\"\"", "\""))
                : Optional.empty();
    }
}
