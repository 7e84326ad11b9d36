package dev.crossfade.codegen;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JavaFileTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "java.lang.Long;Long;@Nullable Long",
                "byte[];byte[];byte @Nullable []",
                "java.lang.String[];String[];String @Nullable []",
                "byte[][];byte[][];byte @Nullable [][]",
                "java.util.List<java.lang.String>;List<String>;@Nullable List<String>",
                "java.util.Map.Entry<a.B, a.C[]>;Map.Entry<B, C[]>;Map.@Nullable Entry<B, C[]>",
                "com.example.Order;com.example.Order;com.example.@Nullable Order",
                "com.example.here.Order;Order;@Nullable Order",
                "java.lang.Object;Object;@Nullable Object",
            })
    void typesAreShortWhereTheyCanBe(String type, String written, String nullable) {
        JavaFile file = new JavaFile("com.example.here", Set.of("Order"));
        assertThat(file.type(type)).isEqualTo(written);
        assertThat(file.nullable(type)).isEqualTo(nullable);
    }

    @Test
    void theFirstOfTwoTypesOfOneNameIsImported() {
        JavaFile file = new JavaFile("com.example.here", Set.of("Record"));
        file.line(file.type("org.a.Status") + " " + file.type("org.b.Status") + " " + file.type("org.a.Status"));
        file.line(file.type("java.lang.String") + " " + file.type("org.jooq.Record"));
        assertThat(file.text()).isEqualTo("""
                        package com.example.here;

                        import org.a.Status;

                        Status org.b.Status Status
                        String org.jooq.Record
                        """);
    }

    @Test
    void longListsHaveALineForEachItem() {
        JavaFile file = new JavaFile("p", Set.of());
        file.list("    call(", List.of("a", "b"), ");");
        file.list("    call(", List.of("a".repeat(60), "b".repeat(60)), ");");
        assertThat(file.text())
                .isEqualTo("package p;\n\n    call(a, b);\n    call(\n            %s,\n            %s);\n"
                        .formatted("a".repeat(60), "b".repeat(60)));
    }

    @Test
    void longCommentsAreWrapped() {
        JavaFile file = new JavaFile("p", Set.of());
        file.javadoc("    ", "Short.", List.of());
        file.javadoc("    ", "word ".repeat(30).strip(), List.of("@param a b"));
        assertThat(file.text().lines().skip(2))
                .containsExactly(
                        "    /** Short. */",
                        "    /**",
                        "     * " + "word ".repeat(22).strip(),
                        "     * " + "word ".repeat(8).strip(),
                        "     *",
                        "     * @param a b",
                        "     */");
    }
}
