package dev.crossfade.codegen;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JavaTextTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "lower(email)",
                "\"Mixed\" || 'x'",
                "back\\slash \\u0041 \\\\n",
                "tab\tand return\rand bell\u0007",
                "grüße 名前 \uD83D\uDE00 \u00a0",
            })
    void aLineIsALiteralThatMeansItself(String text) {
        String literal = JavaText.literal(text, "");
        assertThat(literal).startsWith("\"").endsWith("\"").doesNotContain("\n");
        assertThat(meaning(literal.substring(1, literal.length() - 1))).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "case when a\n     then b\nend",
                "ends with a line\n",
                "\n  indented\n\n first",
                "trailing \n blanks\t\nof   \nall kinds",
                "quotes \"\"\"\" and \\ and \\u0041\nin two lines\"",
            })
    void severalLinesAreATextBlockThatMeansItself(String text) {
        String block = JavaText.literal(text, "        ");
        assertThat(block).startsWith("\"\"\"\n").endsWith("\"\"\"");
        String content = block.substring(4, block.length() - 3);
        assertThat(meaning(content.stripIndent())).isEqualTo(text);
    }

    @Test
    void javadocMeansItself() {
        assertThat(JavaText.code("a <b> & {@code x} */ \\u0041\n  c"))
                .isEqualTo("<code>a &lt;b&gt; &amp; {&#64;code x} *&#47; &#92;u0041 c</code>");
    }

    /** As the compiler does: Unicode escapes first, unless their backslash is escaped itself. */
    private static String meaning(String source) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < source.length(); i++) {
            boolean escape = source.charAt(i) == '\\' && i + 1 < source.length();
            if (escape && source.charAt(i + 1) == 'u') {
                text.append((char) Integer.parseInt(source.substring(i + 2, i + 6), 16));
                i += 5;
            } else if (escape) {
                text.append(source.substring(i, i + 2).translateEscapes());
                i++;
            } else {
                text.append(source.charAt(i));
            }
        }
        return text.toString();
    }
}
