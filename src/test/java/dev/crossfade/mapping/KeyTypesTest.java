package dev.crossfade.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyTypesTest {

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
                    integer                     ; integer                     ; true
                    smallint                    ; integer                     ; true
                    integer                     ; bigint                      ; true
                    bigint                      ; integer                     ; false
                    integer                     ; numeric                     ; true
                    bigint                      ; numeric(19,0)               ; true
                    bigint                      ; numeric(18,0)               ; false
                    bigint                      ; numeric(20,2)               ; false
                    integer                     ; text                        ; false
                    numeric                     ; bigint                      ; false
                    numeric(8,2)                ; numeric(10,4)               ; true
                    numeric(8,2)                ; numeric(9,4)                ; false
                    numeric(8,2)                ; numeric                     ; true
                    numeric                     ; numeric(8,2)                ; false
                    character varying(5)        ; character varying(9)        ; true
                    character varying(9)        ; character varying(5)        ; false
                    character varying(9)        ; text                        ; true
                    character varying           ; text                        ; true
                    text                        ; character varying(9)        ; false
                    character(5)                ; character(9)                ; false
                    character(5)                ; text                        ; false
                    uuid                        ; uuid                        ; true
                    uuid                        ; text                        ; false
                    date                        ; timestamp without time zone ; false
                    timestamp(3) with time zone ; timestamp with time zone    ; true
                    timestamp with time zone    ; timestamp(3) with time zone ; false
                    timestamp with time zone    ; timestamp without time zone ; false
                    public.code                 ; public.code                 ; true
                    public.code                 ; modern.code                 ; false
                    """)
    void aModernKeyMustTakeEveryLegacyKeyUnchanged(String legacy, String modern, boolean fits) {
        assertThat(KeyTypes.fits(new Column("a", legacy), new Column("b", modern)))
                .isEqualTo(fits);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
                    character varying(34) ; text                  ; true
                    character varying(34) ; character varying(34) ; true
                    text                  ; character varying(34) ; false
                    date                  ; date                  ; true
                    character varying(36) ; uuid                  ; false
                    """)
    void aDomainIsWhatItStandsFor(String legacy, String modern, boolean fits) {
        Column domain = new Column("a", "legacy.code", legacy);

        assertThat(KeyTypes.fits(domain, new Column("b", modern))).isEqualTo(fits);
        assertThat(KeyTypes.fits(domain, new Column("b", "modern.code", modern)))
                .isEqualTo(fits);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
                    character varying(5)    ; character varying
                    character varying(5)[]  ; character varying[]
                    character(5)[]          ; bpchar[]
                    bit(8)                  ; bit varying
                    bit varying(8)[]        ; bit varying[]
                    numeric(8,2)[]          ; numeric(8,2)[]
                    timestamp(3) without time zone ; timestamp(3) without time zone
                    """)
    void valuesAreCastToWhatADomainStandsForWithoutItsLength(String base, String cast) {
        assertThat(new Column("a", "modern.some", base).castType()).isEqualTo(cast);
        assertThat(new Column("a", base).castType()).isEqualTo(cast);
    }

    @ParameterizedTest
    @ValueSource(strings = {"real", "double precision", "interval", "money", "jsonb", "time with time zone"})
    void someTypesCarryNoKeys(String type) {
        assertThat(KeyTypes.unfit(new Column("a", type))).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"integer", "text", "uuid", "numeric(10,2)", "timestamp with time zone", "legacy.code"})
    void othersDo(String type) {
        assertThat(KeyTypes.unfit(new Column("a", type))).isEmpty();
    }
}
