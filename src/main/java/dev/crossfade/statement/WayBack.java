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

/** Finds the columns whose values the legacy side may bring back changed. */
final class WayBack {

    private WayBack() {}

    /**
     * Returns the modern columns for which the expressions alone do not show that every value comes back: all except
     * those that both expressions only copy, through a legacy column that can hold every modern value. Derived
     * columns are left out: a service does not set them, and they follow from what comes back.
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

    /** Returns the column that an expression names, with or without its table; empty if it is any other expression. */
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
