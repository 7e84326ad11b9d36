package dev.crossfade.sql;

import dev.crossfade.model.PrintableText;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * A server's or driver's message in a form fit for an operator: one printable line, without the statement that jOOQ
 * quotes and without the secrets of a URL.
 */
public final class ServerMessage {

    /** The text is stored, and not every database encoding has an ellipsis. */
    private static final String LEFT_OUT = "...";
    /** From the first quotation mark of any language to the last one: a value may contain quotation marks. */
    private static final Pattern QUOTED = Pattern.compile("[\"“”„«»‹›「」『』].*[\"“”„«»‹›「」『』]", Pattern.DOTALL);

    /** A prepared statement that exists already, and one that is gone. */
    private static final Set<String> LOST_STATEMENTS =
            Set.of(SqlState.DUPLICATE_PREPARED_STATEMENT, SqlState.UNKNOWN_PREPARED_STATEMENT);

    /** The server's source files that convert numbers: there "not supported" means that the type has no such value. */
    private static final Set<String> NUMBERS = Set.of("numeric.c", "float.c", "int.c", "int8.c", "cash.c");

    private static final Pattern UNBALANCED = Pattern.compile("[\"“”„«»‹›「」『』].*", Pattern.DOTALL);
    private static final Pattern BYTES = Pattern.compile("0x[0-9a-fA-F]{2}(?: 0x[0-9a-fA-F]{2})*");

    private ServerMessage() {}

    /** Returns the first line of the deepest cause's message, or the cause's type if it has no message. */
    public static String of(Throwable failure) {
        Throwable deepest = failure;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        return text(deepest) + ofPooler(deepest);
    }

    /** Explains lost prepared statements, which only a pooler in transaction mode causes. */
    private static String ofPooler(Throwable deepest) {
        return deepest instanceof SQLException sql && LOST_STATEMENTS.contains(String.valueOf(sql.getSQLState()))
                ? " - there is a pooler in transaction mode, such as PgBouncer, in between: connect to the server itself, or add prepareThreshold=0 to the JDBC URL"
                : "";
    }

    /** Returns a message as a full sentence, which another one may follow. */
    public static String sentence(String said) {
        return said.isEmpty() || ".!?:;".indexOf(said.charAt(said.length() - 1)) >= 0 ? said : said + ".";
    }

    /** Returns a message as the beginning of a longer sentence. */
    public static String clause(String said) {
        return said.endsWith(".") ? said.substring(0, said.length() - 1) : said;
    }

    /** As {@link #of}, after the driver's own message, which names the host and port that do not answer. */
    public static String ofDriver(Throwable failure) {
        Throwable driver = failure;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            driver = cause instanceof SQLException ? cause : driver;
        }
        String deepest = of(failure);
        return text(driver).equals(deepest) ? deepest : "%s (%s)".formatted(text(driver), deepest);
    }

    private static String text(Throwable failure) {
        String message = failure.getMessage();
        return message == null || message.isBlank() ? failure.getClass().getSimpleName() : firstLine(message);
    }

    /**
     * As {@link #of}, fit to be stored and logged: names of constraints, tables, columns and types stay, every other
     * quoted text is left out, because it may be a value of the row. A message raised by a trigger or function is
     * left out entirely.
     */
    public static String withoutValues(Throwable failure) {
        Optional<ServerErrorMessage> server = server(failure);
        if (server.isEmpty()) {
            return redact(of(failure), List.of());
        }
        ServerErrorMessage said = server.get();
        if (isRaised(said)) {
            return "a trigger or function raised this error; its text may quote values and is left out";
        }
        return redact(
                Objects.requireNonNullElse(said.getMessage(), "no message"),
                Stream.of(said.getConstraint(), said.getTable(), said.getColumn(), said.getDatatype(), said.getSchema())
                        .filter(Objects::nonNull)
                        .toList());
    }

    /**
     * The foreign key that a write broke.
     *
     * @param schema the schema of the referring table
     * @param table the referring table, whichever of both was written
     * @param constraint the key's name
     */
    public record ForeignKey(String schema, String table, String constraint) {}

    /**
     * Returns the foreign key that the server named in a failure; empty if it named none, or if a function raised the
     * failure.
     */
    public static Optional<ForeignKey> foreignKey(Throwable failure) {
        Optional<ServerErrorMessage> server = server(failure);
        if (server.isEmpty() || isRaised(server.get())) {
            return Optional.empty();
        }
        String schema = server.get().getSchema();
        String table = server.get().getTable();
        String constraint = server.get().getConstraint();
        return schema == null || table == null || constraint == null
                ? Optional.empty()
                : Optional.of(new ForeignKey(schema, table, constraint));
    }

    /** Tells whether the server reported an error without a position in the statement. */
    public static boolean isOfAValue(Throwable failure) {
        return server(failure)
                .filter(said -> said.getPosition() == 0 && said.getInternalPosition() == 0)
                .isPresent();
    }

    /**
     * Tells whether a number cannot be converted to the target type, as {@code NaN} and the infinities to {@code
     * integer}. The server reports this as an unsupported feature, with the same SQLSTATE as a stale plan.
     */
    public static boolean isUnconvertible(Throwable failure) {
        return server(failure)
                .filter(said -> SqlState.FEATURE_NOT_SUPPORTED.equals(said.getSQLState()) && said.getPosition() == 0)
                .filter(said -> NUMBERS.contains(Objects.requireNonNullElse(said.getFile(), "")))
                .isPresent();
    }

    /**
     * The details that one of our functions raised with its message; empty texts if there are none.
     *
     * @param detail the detail
     * @param column the column
     */
    public record Raised(String detail, String column) {}

    /** Returns the details that one of our functions raised in a failure. */
    public static Raised raised(Throwable failure) {
        Optional<ServerErrorMessage> server = server(failure);
        return new Raised(
                server.map(ServerErrorMessage::getDetail).orElse(""),
                server.map(ServerErrorMessage::getColumn).orElse(""));
    }

    private static Optional<ServerErrorMessage> server(Throwable failure) {
        Optional<ServerErrorMessage> found = Optional.empty();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof PSQLException driver && driver.getServerErrorMessage() != null) {
                found = Optional.of(driver.getServerErrorMessage());
            }
        }
        return found;
    }

    /** Tells whether a trigger or function raised what the server reported. */
    public static boolean isRaised(Throwable failure) {
        return server(failure).filter(ServerMessage::isRaised).isPresent();
    }

    private static boolean isRaised(ServerErrorMessage said) {
        String state = Objects.requireNonNullElse(said.getSQLState(), "");
        String routine = Objects.requireNonNullElse(said.getRoutine(), "");
        return state.startsWith("P0") || state.startsWith("38") || routine.startsWith("exec_stmt_");
    }

    private static String redact(String message, List<String> names) {
        String text = message;
        for (int i = 0; i < names.size(); i++) {
            text = text.replace('"' + names.get(i) + '"', placeholder(i));
        }
        text = QUOTED.matcher(text).replaceAll(LEFT_OUT);
        text = UNBALANCED.matcher(text).replaceAll(LEFT_OUT);
        text = BYTES.matcher(text).replaceAll(LEFT_OUT);
        for (int i = 0; i < names.size(); i++) {
            text = text.replace(placeholder(i), '"' + names.get(i) + '"');
        }
        return firstLine(text);
    }

    private static String placeholder(int index) {
        return "\u0001" + index + "\u0001";
    }

    private static String firstLine(String text) {
        return PrintableText.of(
                ConnectionUrl.withoutSecretsIn(text.lines().findFirst().orElse("")));
    }
}
