package dev.crossfade.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.model.InvalidInputException;
import dev.crossfade.sql.SqlToken.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SqlScannerTest {

    @Test
    void tokensKnowTheirKindPlaceAndLine() {
        String sql = "select \"a\"\"b\",\n  lower(x) -- why\n  >= 1.5e-3";

        assertThat(SqlScanner.scan(sql))
                .containsExactly(
                        new SqlToken(Kind.WORD, "select", 0, 6, 1),
                        new SqlToken(Kind.QUOTED_IDENTIFIER, "\"a\"\"b\"", 7, 13, 1),
                        new SqlToken(Kind.SYMBOL, ",", 13, 14, 1),
                        new SqlToken(Kind.WORD, "lower", 17, 22, 2),
                        new SqlToken(Kind.SYMBOL, "(", 22, 23, 2),
                        new SqlToken(Kind.WORD, "x", 23, 24, 2),
                        new SqlToken(Kind.SYMBOL, ")", 24, 25, 2),
                        new SqlToken(Kind.COMMENT, "-- why", 26, 32, 2),
                        new SqlToken(Kind.SYMBOL, ">=", 35, 37, 3),
                        new SqlToken(Kind.NUMBER, "1.5e-3", 38, 44, 3));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "''",
                "'it''s; -- no'",
                "'back\\'",
                "E'quote \\' and \\\\'",
                "e'a'\n  'still \\' escaped'",
                "'a' -- in between\n 'b'",
                "B'01'",
                "x'ff'",
                "N'n'",
                "U&'d\\0061t'",
                "$$ ' \" -- $x$ $$",
                "$body$ $$ $body $body$",
                "$é_1$;$é_1$"
            })
    void eachWayToWriteAStringIsOneToken(String sql) {
        assertThat(SqlScanner.scan(sql)).singleElement().satisfies(token -> {
            assertThat(token.kind()).isEqualTo(Kind.STRING);
            assertThat(token.text()).isEqualTo(sql);
        });
    }

    @Test
    void stringsOnOneLineDoNotContinueEachOther() {
        assertThat(texts("'a' 'b'")).containsExactly("'a'", "'b'");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    a$b$c        | a$b$c
                    $1::text     | $1 :: text
                    a->>'x'      | a ->> 'x'
                    a=-1         | a = - 1
                    a@-1         | a @- 1
                    a<--b        | a < --b
                    a*/**/b      | a * /**/ b
                    1..10        | 1 .. 10
                    .5+1.        | .5 + 1.
                    1_000        | 1_000
                    0xFF         | 0xFF
                    x[1:2]       | x [ 1 : 2 ]
                    f(a:=1,b=>2) | f ( a := 1 , b => 2 )
                    a.b.*        | a . b . *
                    grün         | grün
                    U&"d!0061"   | U&"d!0061"
                    1e           | 1 e
                    """)
    void neighboursAreToldApartAsTheServerDoes(String sql, String tokens) {
        assertThat(String.join(" ", texts(sql))).isEqualTo(tokens);
    }

    @Test
    void commentsNestAndKeepTheLineCount() {
        List<SqlToken> tokens = SqlScanner.scan("/* a\n/* b\n*/ ' */ c");

        assertThat(tokens).extracting(SqlToken::kind).containsExactly(Kind.COMMENT, Kind.WORD);
        assertThat(tokens.getLast().line()).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    a;~b 'c      | string
                    a;~E'c\\'     | string
                    a;~"c        | quoted identifier
                    a;~$x$ $y$   | dollar-quoted string
                    a;~/* /* */  | comment
                    """)
    void whatDoesNotEndIsReportedWithTheLineWhereItStarts(String sql, String what) {
        assertThatThrownBy(() -> SqlScanner.scan(sql.replace('~', '\n') + "\n\n"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("The " + what + " that starts on line 2 does not end.");
    }

    @Test
    void aScriptIsCutAtItsSemicolons() {
        String script = """
                -- a header

                create table a (b text default ';');  ; /* nothing */ ;
                  -- about the next
                  insert into a
                  values ('x') -- done
                """;

        assertThat(SqlScanner.split(script))
                .containsExactly(
                        new SqlStatement("create table a (b text default ';')", 3),
                        new SqlStatement("insert into a\n  values ('x')", 5));
    }

    @Test
    void bodiesStayWhole() {
        String atomic = """
                create or replace function f(begin int) returns int
                begin atomic
                  select case when begin > 0 then 1 else 2 end;
                  select 3;
                end""";
        String dollar = "do $$ begin perform 1; end $$";
        String rule = "create rule r as on insert to a do also (delete from b; delete from c)";

        assertThat(SqlScanner.split(String.join(";\n", atomic, dollar, rule, "begin", "end")))
                .extracting(SqlStatement::text)
                .containsExactly(atomic, dollar, rule, "begin", "end");
    }

    @Test
    void aScriptWithoutStatementsIsEmpty() {
        assertThat(SqlScanner.split(" -- nothing\n;;")).isEmpty();
    }

    private static List<String> texts(String sql) {
        return SqlScanner.scan(sql).stream().map(SqlToken::text).toList();
    }
}
