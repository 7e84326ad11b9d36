package dev.crossfade.sql;

import dev.crossfade.model.InvalidInputException;
import dev.crossfade.sql.SqlToken.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts PostgreSQL SQL into tokens and scripts into statements by the rules of the server's own lexer (with
 * {@code standard_conforming_strings} on, the default). It knows no grammar: what it returns may still be wrong SQL.
 */
public final class SqlScanner {

    private static final String OPERATOR = "+-*/<>=~!@#%^&|`?";

    /** An operator of several characters may end in + or - only if it contains one of these. */
    private static final String SIGN_KEEPERS = "~!@#%^&|`?";

    private final String sql;
    private final List<SqlToken> tokens = new ArrayList<>();
    private int at;
    private int line = 1;

    private SqlScanner(String sql) {
        this.sql = sql;
    }

    /**
     * Returns all tokens in order, comments included, white space left out.
     *
     * @throws InvalidInputException if a string, quoted identifier, dollar quote or comment does not end; the message
     *     names the line on which it starts
     */
    public static List<SqlToken> scan(String sql) {
        SqlScanner scanner = new SqlScanner(sql);
        while (scanner.skipWhiteSpace()) {
            scanner.next();
        }
        return List.copyOf(scanner.tokens);
    }

    /**
     * Returns the statements of a script in order, cut at semicolons outside parentheses and outside {@code BEGIN
     * ATOMIC … END} bodies. Statements that contain only comments are left out.
     *
     * @throws InvalidInputException as {@link #scan} does
     */
    public static List<SqlStatement> split(String script) {
        List<SqlStatement> statements = new ArrayList<>();
        List<SqlToken> current = new ArrayList<>();
        int parentheses = 0;
        int blocks = 0;
        for (SqlToken token : scan(script)) {
            if (token.kind() == Kind.COMMENT) {
                continue;
            }
            if (token.isSymbol(";") && parentheses == 0 && blocks == 0) {
                finish(script, current, statements);
                continue;
            }
            if (token.isSymbol("(")) {
                parentheses++;
            } else if (token.isSymbol(")")) {
                parentheses = Math.max(0, parentheses - 1);
            } else if (parentheses == 0) {
                blocks += blockChange(token, current, blocks);
            }
            current.add(token);
        }
        finish(script, current, statements);
        return List.copyOf(statements);
    }

    private static void finish(String script, List<SqlToken> current, List<SqlStatement> statements) {
        if (!current.isEmpty()) {
            SqlToken first = current.getFirst();
            statements.add(new SqlStatement(
                    script.substring(first.start(), current.getLast().end()), first.line()));
            current.clear();
        }
    }

    /** Inside a body, CASE opens a block too: it ends with the same word as the body. */
    private static int blockChange(SqlToken token, List<SqlToken> before, int blocks) {
        if (blocks == 0) {
            boolean opens = token.isWord("atomic")
                    && before.size() > 1
                    && before.getFirst().isWord("create")
                    && before.getLast().isWord("begin");
            return opens ? 1 : 0;
        }
        if (token.isWord("case")) {
            return 1;
        }
        return token.isWord("end") ? -1 : 0;
    }

    private boolean skipWhiteSpace() {
        while (at < sql.length() && isSpace(sql.charAt(at))) {
            if (sql.charAt(at) == '\n') {
                line++;
            }
            at++;
        }
        return at < sql.length();
    }

    private void next() {
        char c = sql.charAt(at);
        if (sql.startsWith("--", at)) {
            take(Kind.COMMENT, endOfLine(at));
        } else if (sql.startsWith("/*", at)) {
            take(Kind.COMMENT, endOfBlockComment());
        } else if (c == '\'') {
            take(Kind.STRING, endOfString(at, false));
        } else if (c == '"') {
            take(Kind.QUOTED_IDENTIFIER, endOfQuotedIdentifier(at));
        } else if (c == '$') {
            dollar();
        } else if (isWordStart(c)) {
            word();
        } else if (isDigit(c) || (c == '.' && isDigit(peek(1)))) {
            take(Kind.NUMBER, endOfNumber());
        } else {
            take(Kind.SYMBOL, endOfSymbol(c));
        }
    }

    /** A word, or a string or quoted identifier whose first letters are a prefix. */
    private void word() {
        int quote = at + 1;
        boolean unicode = (charIs(at, 'u') || charIs(at, 'U')) && charIs(quote, '&');
        if (unicode && charIs(quote + 1, '\'')) {
            take(Kind.STRING, endOfString(quote + 1, false));
        } else if (unicode && charIs(quote + 1, '"')) {
            take(Kind.QUOTED_IDENTIFIER, endOfQuotedIdentifier(quote + 1));
        } else if (charIs(quote, '\'') && "eEbBxXnN".indexOf(sql.charAt(at)) >= 0) {
            take(Kind.STRING, endOfString(quote, charIs(at, 'e') || charIs(at, 'E')));
        } else {
            int end = at;
            while (end < sql.length() && isWordPart(sql.charAt(end))) {
                end++;
            }
            take(Kind.WORD, end);
        }
    }

    /** A dollar-quoted string, a parameter, or a lone dollar sign. */
    private void dollar() {
        int end = at + 1;
        if (isDigit(peek(1))) {
            while (end < sql.length() && isDigit(sql.charAt(end))) {
                end++;
            }
            take(Kind.SYMBOL, end);
            return;
        }
        while (end < sql.length() && sql.charAt(end) != '$' && isWordPart(sql.charAt(end))) {
            end++;
        }
        if (!charIs(end, '$')) {
            take(Kind.SYMBOL, at + 1);
            return;
        }
        String tag = sql.substring(at, end + 1);
        int close = sql.indexOf(tag, end + 1);
        if (close < 0) {
            throw unterminated("dollar-quoted string", tag);
        }
        take(Kind.STRING, close + tag.length());
    }

    private int endOfString(int quote, boolean backslashes) {
        int i = quote + 1;
        while (i < sql.length()) {
            char c = sql.charAt(i);
            if (c == '\\' && backslashes) {
                i += 2;
            } else if (c != '\'') {
                i++;
            } else if (charIs(i + 1, '\'')) {
                i += 2;
            } else {
                int next = continuation(i + 1);
                if (next < 0) {
                    return i + 1;
                }
                i = next + 1;
            }
        }
        throw unterminated("string", "'");
    }

    /** Returns where a string continues after a line break (still the same string, by the same rules), or -1. */
    private int continuation(int from) {
        int i = from;
        boolean newLine = false;
        while (i < sql.length()) {
            if (sql.startsWith("--", i)) {
                i = endOfLine(i);
            } else if (isSpace(sql.charAt(i))) {
                newLine |= sql.charAt(i) == '\n' || sql.charAt(i) == '\r';
                i++;
            } else {
                return newLine && sql.charAt(i) == '\'' ? i : -1;
            }
        }
        return -1;
    }

    private int endOfQuotedIdentifier(int quote) {
        for (int i = sql.indexOf('"', quote + 1); i >= 0; i = sql.indexOf('"', i + 2)) {
            if (!charIs(i + 1, '"')) {
                return i + 1;
            }
        }
        throw unterminated("quoted identifier", "\"");
    }

    private int endOfLine(int from) {
        int end = sql.indexOf('\n', from);
        return end < 0 ? sql.length() : end;
    }

    private int endOfBlockComment() {
        int depth = 1;
        int i = at + 2;
        while (i < sql.length()) {
            if (sql.startsWith("/*", i)) {
                depth++;
                i += 2;
            } else if (sql.startsWith("*/", i)) {
                depth--;
                i += 2;
                if (depth == 0) {
                    return i;
                }
            } else {
                i++;
            }
        }
        throw unterminated("comment", "*/");
    }

    private int endOfNumber() {
        int i = at;
        if (charIs(i, '0') && "xXoObB".indexOf(peek(1)) >= 0) {
            i += 2;
            while (i < sql.length() && isWordPart(sql.charAt(i))) {
                i++;
            }
            return i;
        }
        i = endOfDigits(i);
        // "1..10" is a range of two numbers
        if (charIs(i, '.') && !charIs(i + 1, '.')) {
            i = endOfDigits(i + 1);
        }
        if (charIs(i, 'e') || charIs(i, 'E')) {
            int digits = charIs(i + 1, '+') || charIs(i + 1, '-') ? i + 2 : i + 1;
            if (digits < sql.length() && isDigit(sql.charAt(digits))) {
                i = endOfDigits(digits);
            }
        }
        return i;
    }

    private int endOfDigits(int from) {
        int i = from;
        while (i < sql.length() && (isDigit(sql.charAt(i)) || sql.charAt(i) == '_')) {
            i++;
        }
        return i;
    }

    private int endOfSymbol(char c) {
        if (c == ':' && (peek(1) == ':' || peek(1) == '=')) {
            return at + 2;
        }
        if (c == '.' && peek(1) == '.') {
            return at + 2;
        }
        int end = at;
        boolean keepsSign = false;
        while (end < sql.length()
                && OPERATOR.indexOf(sql.charAt(end)) >= 0
                && !sql.startsWith("--", end)
                && !sql.startsWith("/*", end)) {
            keepsSign |= SIGN_KEEPERS.indexOf(sql.charAt(end)) >= 0;
            end++;
        }
        while (!keepsSign && end > at + 1 && "+-".indexOf(sql.charAt(end - 1)) >= 0) {
            end--;
        }
        return Math.max(end, at + 1);
    }

    private void take(Kind kind, int end) {
        String text = sql.substring(at, end);
        tokens.add(new SqlToken(kind, text, at, end, line));
        line += (int) text.chars().filter(c -> c == '\n').count();
        at = end;
    }

    private InvalidInputException unterminated(String what, String closing) {
        return new InvalidInputException(
                "The %s that starts on line %s does not end. Add the missing %s, or remove what opens it."
                        .formatted(what, line, closing));
    }

    private boolean charIs(int index, char c) {
        return index < sql.length() && sql.charAt(index) == c;
    }

    private char peek(int ahead) {
        return at + ahead < sql.length() ? sql.charAt(at + ahead) : '\0';
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\u000b';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isWordStart(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
    }

    private static boolean isWordPart(char c) {
        return isWordStart(c) || isDigit(c) || c == '$';
    }
}
