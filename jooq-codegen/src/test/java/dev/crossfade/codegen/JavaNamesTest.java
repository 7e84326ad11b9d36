package dev.crossfade.codegen;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import javax.lang.model.SourceVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JavaNamesTest {

    @ParameterizedTest
    @CsvSource({
        "user,User",
        "order-line,OrderLine",
        "order_line,OrderLine",
        "2fa,_2fa",
        "a1,A1",
        "x-2nd,X2nd",
    })
    void entitiesGetTypeNames(String entity, String name) {
        assertThat(JavaNames.type(entity)).isEqualTo(name);
    }

    @ParameterizedTest
    @CsvSource({
        "email,email",
        "full_name,fullName",
        "Full Name,fullName",
        "fullName,fullName",
        "CreatedAt,createdAt",
        "USER_ID,userId",
        "ID,id",
        "URLPath,urlPath",
        "user-name,userName",
        "class,class_",
        "Class,class_",
        "record,record",
        "true,true_",
        "hashCode,hashCode_",
        "hash_code,hashCode_",
        "wait,wait_",
        "2fa,_2fa",
        "_,__",
        "$,__",
        "straße,straße",
        "名前,名前",
    })
    void columnsGetComponentNames(String column, String name) {
        assertThat(JavaNames.component(column, List.of())).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"%", " ", "1", "A", "é", "a.b", "a\"b", "\\u0041", "e\u0301", "–"})
    void whateverTheColumnTheNameIsOneOfJavas(String column) {
        assertThat(SourceVersion.isName(JavaNames.component(column, List.of()))).isTrue();
    }

    @Test
    void equalNamesAreToldApart() {
        List<String> names = new ArrayList<>();
        for (String column : List.of("user-name", "user_name", "userName")) {
            names.add(JavaNames.component(column, names));
        }
        assertThat(names).containsExactly("userName", "userName_", "userName__");
    }
}
