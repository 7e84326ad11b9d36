package dev.crossfade.check;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TableHooksTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        CREATE TRIGGER touch BEFORE UPDATE ON old.note FOR EACH ROW EXECUTE FUNCTION old.touch() | CREATE TRIGGER touch BEFORE UPDATE ON old.note FOR EACH ROW WHEN (NOT crossfade.is_mirror_write('t')) EXECUTE FUNCTION old.touch()
        CREATE TRIGGER t AFTER INSERT OR UPDATE ON a.b FOR EACH ROW WHEN ((new.c > 1)) EXECUTE FUNCTION f('x') | CREATE TRIGGER t AFTER INSERT OR UPDATE ON a.b FOR EACH ROW WHEN (((new.c > 1)) AND NOT crossfade.is_mirror_write('t')) EXECUTE FUNCTION f('x')
        CREATE TRIGGER execute BEFORE UPDATE ON a.b FOR EACH ROW EXECUTE FUNCTION "EXECUTE FUNCTION"('WHEN (1) EXECUTE FUNCTION') | CREATE TRIGGER execute BEFORE UPDATE ON a.b FOR EACH ROW WHEN (NOT crossfade.is_mirror_write('t')) EXECUTE FUNCTION "EXECUTE FUNCTION"('WHEN (1) EXECUTE FUNCTION')
        CREATE TRIGGER t BEFORE UPDATE ON a.b FOR EACH ROW WHEN ((old.c <> 'WHEN EXECUTE FUNCTION f()'::text)) EXECUTE FUNCTION f() | CREATE TRIGGER t BEFORE UPDATE ON a.b FOR EACH ROW WHEN (((old.c <> 'WHEN EXECUTE FUNCTION f()'::text)) AND NOT crossfade.is_mirror_write('t')) EXECUTE FUNCTION f()
        """)
    void aTriggerGetsOneMoreCondition(String definition, String guarded) {
        assertThat(TableHooks.guarded(definition, "'t'")).isEqualTo(guarded);
    }
}
