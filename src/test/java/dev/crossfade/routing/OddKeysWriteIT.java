package dev.crossfade.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.testing.Things;
import dev.crossfade.testing.Things.RoutedThings;
import dev.crossfade.testing.Topology;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jooq.DataType;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A service's own statement returns keys that JDBC's types misread: days before Christ, infinite days. */
class OddKeysWriteIT {

    static Stream<Arguments> keys() {
        return Stream.of(Topology.values())
                .flatMap(topology -> Stream.of(
                        Arguments.of(topology, "date", SQLDataType.LOCALDATE, List.of("0044-03-15 BC", "0044-03-15")),
                        Arguments.of(topology, "date", SQLDataType.LOCALDATE, List.of("infinity", "-infinity")),
                        Arguments.of(topology, "date", SQLDataType.DATE, List.of("0044-03-15 BC", "infinity")),
                        Arguments.of(
                                topology,
                                "timestamp without time zone",
                                SQLDataType.LOCALDATETIME,
                                List.of("0044-03-15 10:00:00 BC", "infinity")),
                        Arguments.of(
                                topology,
                                "time without time zone",
                                SQLDataType.LOCALTIME,
                                List.of("24:00:00", "00:00:00"))));
    }

    @ParameterizedTest
    @MethodSource("keys")
    void isMirroredUnderTheVeryKeyThatItReturned(
            Topology topology, String type, DataType<?> javaType, List<String> keys) throws InterruptedException {
        try (Things things = new Things(topology, type)) {
            RoutedThings routed = things.at(Stage.DUAL_WRITE);
            keys.forEach(key -> routed.save(new Things.Thing(key, "as it was")));
            Table<Record> table = DSL.table(DSL.name("legacy", "thing"));
            Field<?> id = DSL.field(DSL.name("id"), javaType);
            Field<String> note = DSL.field(DSL.name("note"), String.class);

            int written = routed.write(
                    legacy -> legacy.update(table).set(note, "changed").returning(id),
                    modern -> modern.update(table).set(note, "changed").returning(id));

            assertThat(written).isEqualTo(keys.size());
            assertThat(things.crossfade().awaitLevel(Duration.ofSeconds(20))).isTrue();
            assertThat(things.rows(Side.MODERN))
                    .isEqualTo(things.rows(Side.LEGACY))
                    .allSatisfy(row -> assertThat(row).endsWith("changed"));
        }
    }

    /** jOOQ gets the key as the type that JDBC has for it. */
    @ParameterizedTest
    @EnumSource
    void soIsOneThatIsWrittenAsText(Topology topology) throws InterruptedException {
        try (Things things = new Things(topology, "date")) {
            RoutedThings routed = things.at(Stage.DUAL_WRITE);
            List.of("0044-03-15 BC", "infinity", "0044-03-15")
                    .forEach(key -> routed.save(new Things.Thing(key, "as it was")));

            routed.write(
                    legacy -> legacy.resultQuery("update legacy.thing set note = 'changed' returning id"),
                    modern -> modern.resultQuery("update modern.thing set note = 'changed' returning id"));

            assertThat(things.crossfade().awaitLevel(Duration.ofSeconds(20))).isTrue();
            assertThat(things.rows(Side.MODERN))
                    .isEqualTo(things.rows(Side.LEGACY))
                    .allSatisfy(row -> assertThat(row).endsWith("changed"));
        }
    }
}
