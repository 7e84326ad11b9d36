package dev.crossfade.spring.transaction;

import dev.crossfade.model.Stage;
import dev.crossfade.testing.Topology;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever the pools' auto-commit: what a service was told is saved is stored, and what was rolled back is not, on both
 * sides. Its databases and services are those of the whole class.
 */
class TransactionOwnersIT {

    private static final Map<Place, TransactionalPools> PLACES = new HashMap<>();

    private record Place(Topology topology, boolean autoCommit) {}

    static Stream<Arguments> everyShapeEverywhere() {
        return Stream.of(Topology.values())
                .flatMap(topology -> Stream.of(true, false).map(autoCommit -> new Place(topology, autoCommit)))
                .flatMap(place -> Stream.of(Stage.values())
                        .flatMap(stage -> Stream.of(Shape.values()).map(shape -> Arguments.of(place, stage, shape))));
    }

    @AfterAll
    static void closeAll() {
        PLACES.values().forEach(TransactionalPools::close);
        PLACES.clear();
    }

    @ParameterizedTest
    @MethodSource("everyShapeEverywhere")
    void whatIsAcknowledgedIsStoredAndWhatIsRolledBackIsNot(Place place, Stage stage, Shape shape) {
        PLACES.computeIfAbsent(place, made -> new TransactionalPools(made.topology(), made.autoCommit()))
                .run(shape, stage);
    }
}
