package dev.crossfade.check;

import dev.crossfade.model.InvalidInputException;
import dev.crossfade.sql.SqlScanner;
import dev.crossfade.sql.SqlToken;
import dev.crossfade.sql.SqlToken.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** What the words of an expression tell, before a server sees it. */
public final class ExpressionText {

    private static final Set<String> CONSTANTS = Set.of("null", "true", "false");

    /** Built-in functions that depend on something other than their arguments. */
    private static final Set<String> IMPURE_FUNCTIONS = Set.of(
            "now",
            "clock_timestamp",
            "statement_timestamp",
            "transaction_timestamp",
            "timeofday",
            "random",
            "random_normal",
            "gen_random_uuid",
            "gen_random_bytes",
            "uuidv4",
            "uuidv7",
            "uuid_generate_v1",
            "uuid_generate_v1mc",
            "uuid_generate_v4",
            "nextval",
            "currval",
            "lastval",
            "setval",
            "current_setting",
            "set_config",
            "current_database",
            "current_schemas",
            "inet_client_addr",
            "inet_client_port",
            "pg_backend_pid",
            "pg_current_xact_id",
            "pg_current_wal_lsn",
            "pg_sleep",
            "txid_current");

    /** Functions that are called without parentheses. */
    private static final Set<String> IMPURE_WORDS = Set.of(
            "current_date",
            "current_time",
            "current_timestamp",
            "localtime",
            "localtimestamp",
            "current_catalog",
            "current_schema",
            "current_role",
            "current_user",
            "session_user",
            "system_user",
            "user");

    private static final Set<String> FORMATTING = Set.of("to_char", "to_date", "to_timestamp");
    private static final Set<String> NUMBER_FORMATTING = Set.of("to_char", "to_number");

    /**
     * A pattern of digits with decimal point, group separator or currency as {@code lc_numeric} and {@code lc_monetary}
     * have them.
     */
    private static final Pattern NUMBER_OF_A_COUNTRY =
            Pattern.compile("(?i)(?=.*[90])(?=.*[DGL])'(FM|TH|PL|SG|MI|PR|RN|[90.,DGLSV +-])+'");

    private static final Set<String> TIME_WORDS = Set.of("now", "today", "tomorrow", "yesterday");
    private static final Set<String> TIME_TYPES = Set.of("date", "time", "timetz", "timestamp", "timestamptz");

    private static final Map<String, String> QUESTION_MARKS = Map.of(
            "?", "jsonb_exists(document, key)",
            "?|", "jsonb_exists_any(document, keys)",
            "?&", "jsonb_exists_all(document, keys)",
            "@?", "jsonb_path_exists(document, path)");

    private final String path;
    private final List<SqlToken> tokens;
    private final List<Finding> findings = new ArrayList<>();

    private ExpressionText(String path, List<SqlToken> tokens) {
        this.path = path;
        this.tokens = tokens;
    }

    /** Returns the findings about an expression's words; if there are none, a server may be asked about it. */
    static List<Finding> findings(String path, String expression) {
        List<SqlToken> tokens;
        try {
            tokens = SqlScanner.scan(expression);
        } catch (InvalidInputException e) {
            return List.of(Finding.error(path, "The expression is not whole.", String.valueOf(e.getMessage())));
        }
        if (tokens.isEmpty()) {
            return List.of(
                    Finding.error(path, "The expression is empty.", "Write SQL over one row; for no value, NULL."));
        }
        ExpressionText text = new ExpressionText(path, tokens);
        text.form();
        text.purity();
        return text.findings;
    }

    /** Returns which of some columns an expression names, in alphabetical order. */
    public static Set<String> mentioned(String expression, Collection<String> columns) {
        Set<String> known = new HashSet<>(columns);
        Set<String> mentioned = new TreeSet<>();
        List<SqlToken> tokens = tokens(expression);
        for (int i = 0; i < tokens.size(); i++) {
            SqlToken token = tokens.get(i);
            boolean call = i + 1 < tokens.size() && tokens.get(i + 1).isSymbol("(");
            if (!call) {
                mentioned.add(identifier(token));
            }
        }
        mentioned.retainAll(known);
        return mentioned;
    }

    /** Tells whether an expression may read a row as a whole, as {@code users} or {@code users.*}. */
    static boolean namesWholeRow(String expression, String table) {
        List<SqlToken> tokens = tokens(expression);
        for (int i = 0; i < tokens.size(); i++) {
            boolean column = i + 2 < tokens.size()
                    && tokens.get(i + 1).isSymbol(".")
                    && !tokens.get(i + 2).isSymbol("*");
            boolean relation = i > 0
                    && (tokens.get(i - 1).isWord("from")
                            || tokens.get(i - 1).isWord("join")
                            || tokens.get(i - 1).isSymbol("."));
            if (table.equals(identifier(tokens.get(i))) && !column && !relation) {
                return true;
            }
        }
        return false;
    }

    /** Returns the identifier that a token is, as the catalog spells it; empty if it is none. */
    private static String identifier(SqlToken token) {
        if (token.kind() == Kind.WORD) {
            return token.text().toLowerCase(Locale.ROOT);
        }
        if (token.kind() != Kind.QUOTED_IDENTIFIER || !token.text().startsWith("\"")) {
            return "";
        }
        String quoted = token.text();
        return quoted.substring(1, quoted.length() - 1).replace("\"\"", "\"");
    }

    /** Returns the names of the functions that an expression calls, judging by its words. */
    static Set<String> called(String expression) {
        List<SqlToken> tokens = tokens(expression);
        Set<String> called = new TreeSet<>();
        for (int i = 0; i + 1 < tokens.size(); i++) {
            if (tokens.get(i).kind() == Kind.WORD && tokens.get(i + 1).isSymbol("(")) {
                called.add(tokens.get(i).text().toLowerCase(Locale.ROOT));
            }
        }
        return called;
    }

    /** Tells whether an expression prints or reads names of months or days in the session's language. */
    static boolean printsNamesOfMonths(String expression) {
        Set<String> called = called(expression);
        return FORMATTING.stream().anyMatch(called::contains)
                && tokens(expression).stream()
                        .anyMatch(token ->
                                token.kind() == Kind.STRING && token.text().contains("TM"));
    }

    /** Tells whether an expression prints or reads numbers with the separators of the session's locale. */
    static boolean printsNumbersOfACountry(String expression) {
        Set<String> called = called(expression);
        List<SqlToken> tokens = tokens(expression);
        return NUMBER_FORMATTING.stream().anyMatch(called::contains)
                && IntStream.range(1, tokens.size() - 1)
                        .filter(i -> tokens.get(i).kind() == Kind.STRING)
                        .filter(i -> tokens.get(i - 1).isSymbol(",")
                                && tokens.get(i + 1).isSymbol(")"))
                        .anyMatch(i -> NUMBER_OF_A_COUNTRY
                                .matcher(tokens.get(i).text())
                                .matches());
    }

    /** Tells whether an expression casts something to a type whose name is one word. */
    static boolean castsTo(String expression, String type) {
        List<SqlToken> tokens = tokens(expression);
        for (int i = 1; i < tokens.size(); i++) {
            SqlToken before = tokens.get(i - 1);
            if (tokens.get(i).isWord(type) && (before.isSymbol("::") || before.isWord("as"))) {
                return true;
            }
            if (before.isWord(type) && tokens.get(i).kind() == Kind.STRING) {
                return true;
            }
        }
        return false;
    }

    /** Tells whether an expression is a literal whose type depends on where it is stored. */
    static boolean isUntypedLiteral(String expression) {
        List<SqlToken> tokens = tokens(expression);
        return tokens.size() == 1
                && (tokens.getFirst().kind() == Kind.STRING || tokens.getFirst().isWord("null"));
    }

    /** Tells whether an expression is a single unquoted word, which may have been meant as a text. */
    static boolean isBareWord(String expression) {
        List<SqlToken> tokens = tokens(expression);
        return tokens.size() == 1
                && tokens.getFirst().kind() == Kind.WORD
                && !CONSTANTS.contains(tokens.getFirst().text().toLowerCase(Locale.ROOT));
    }

    /** Tells whether an expression holds a query. */
    static boolean hasQuery(String expression) {
        return tokens(expression).stream().anyMatch(token -> token.isWord("select"));
    }

    private static List<SqlToken> tokens(String expression) {
        try {
            return SqlScanner.scan(expression);
        } catch (InvalidInputException e) {
            return List.of();
        }
    }

    private void form() {
        int depth = 0;
        for (SqlToken token : tokens) {
            if (token.isSymbol("(") || token.isSymbol("[")) {
                depth++;
            } else if (token.isSymbol(")") || token.isSymbol("]")) {
                depth--;
            }
            if (depth < 0) {
                error("A parenthesis is closed that was not opened.", "Balance the parentheses.");
                return;
            }
            symbol(token, depth);
        }
        if (depth > 0) {
            error("A parenthesis is opened and not closed.", "Balance the parentheses.");
        }
    }

    private void symbol(SqlToken token, int depth) {
        if (token.kind() == Kind.COMMENT) {
            error(
                    "There is an SQL comment in the expression.",
                    "Write it as a YAML comment, with '#' on a line of its own.");
        } else if (token.isSymbol(";")) {
            error("There is a ';' in the expression.", "Write one expression, without it.");
        } else if (token.isSymbol(",") && depth == 0) {
            error("There is more than one expression.", "Write one expression for each column.");
        } else if (token.kind() == Kind.SYMBOL && token.text().startsWith("$")) {
            error(
                    "There is a parameter, '%s', in the expression.".formatted(token.text()),
                    "Use columns of the row alone.");
        } else if (token.kind() == Kind.SYMBOL && token.text().contains("?")) {
            error(
                    "The operator '%s' cannot be used: a JDBC driver takes '?' for a parameter."
                            .formatted(token.text()),
                    "Call the function behind it: %s."
                            .formatted(QUESTION_MARKS.getOrDefault(token.text(), "see \\do+ in psql for its name")));
        }
    }

    private void purity() {
        for (int i = 0; i < tokens.size(); i++) {
            SqlToken token = tokens.get(i);
            boolean impure = switch (token.kind()) {
                case WORD -> isImpureWord(i);
                case STRING -> isTimeWord(i);
                default -> false;
            };
            if (impure) {
                error(
                        "'%s' is not a function of the row: it gives another value each time, or in each session."
                                .formatted(token.text()),
                        "Both sides must come to the same value at any time; use a column of the row.");
            }
        }
    }

    private boolean isImpureWord(int i) {
        String word = tokens.get(i).text().toLowerCase(Locale.ROOT);
        if (word.equals("age")) {
            return followedBy(i, "(") && !hasSecondArgument(i + 1);
        }
        if (IMPURE_FUNCTIONS.contains(word)) {
            return followedBy(i, "(");
        }
        boolean qualified = i > 0 && tokens.get(i - 1).isSymbol(".");
        return IMPURE_WORDS.contains(word) && !qualified && !followedBy(i, ".");
    }

    /** With one argument, age counts from the current date. */
    private boolean hasSecondArgument(int parenthesis) {
        int depth = 0;
        for (SqlToken token : tokens.subList(parenthesis, tokens.size())) {
            if (token.isSymbol("(")) {
                depth++;
            } else if (token.isSymbol(")")) {
                depth--;
            }
            if (depth == 0) {
                return false;
            }
            if (depth == 1 && token.isSymbol(",")) {
                return true;
            }
        }
        return false;
    }

    /** {@code date 'today'}, {@code 'now'::timestamp}, {@code cast('now' as timestamp)}. */
    private boolean isTimeWord(int i) {
        String literal = tokens.get(i).text().replace("'", "").strip().toLowerCase(Locale.ROOT);
        if (!TIME_WORDS.contains(literal)) {
            return false;
        }
        return isTimeType(i - 1)
                || ((followedBy(i, "::")
                                || (i + 1 < tokens.size() && tokens.get(i + 1).isWord("as")))
                        && isTimeType(i + 2));
    }

    private boolean isTimeType(int i) {
        return i >= 0
                && i < tokens.size()
                && tokens.get(i).kind() == Kind.WORD
                && TIME_TYPES.contains(tokens.get(i).text().toLowerCase(Locale.ROOT));
    }

    private boolean followedBy(int i, String symbol) {
        return i + 1 < tokens.size() && tokens.get(i + 1).isSymbol(symbol);
    }

    private void error(String problem, String remedy) {
        Finding finding = Finding.error(path, problem, remedy);
        if (!findings.contains(finding)) {
            findings.add(finding);
        }
    }
}
