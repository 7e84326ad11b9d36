package dev.crossfade.routing;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.crossfade.Crossfade;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.Stage;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Users;
import dev.crossfade.testing.World;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The cost of routing a read of one record, beyond the read itself. */
class PointReadIT {

    private static final int READS = 20_000;
    private static final Long KEY = 42L;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void routingAPointReadAllocatesNothingInAnyStage(boolean measured) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (World world = new World(Topology.ONE_DATABASE);
                Crossfade crossfade = crossfade(world, measured)) {
            RoutedNumbers numbers = new RoutedNumbers(crossfade.routing());
            for (Stage stage : Stage.values()) {
                world.moveTo(crossfade, stage);
                read(numbers);
                long before = threads.getCurrentThreadAllocatedBytes();
                read(numbers);
                long allocated = threads.getCurrentThreadAllocatedBytes() - before;

                assertThat(allocated / (double) READS)
                        .as("bytes for each read in %s", stage)
                        .isLessThan(1);
            }
        }
    }

    private static void read(RoutedNumbers numbers) {
        for (int i = 0; i < READS; i++) {
            numbers.find(KEY);
        }
    }

    private static Crossfade crossfade(World world, boolean measured) {
        Crossfade.Builder builder = Crossfade.builder()
                .database(world.databases().legacy())
                .stagePolling(Duration.ofMillis(20))
                .routing(RoutingSettings.DEFAULTS.withShadow(
                        ShadowSettings.builder().sample(0).build()));
        return (measured ? builder.meterRegistry(new SimpleMeterRegistry()) : builder).build();
    }

    /** The users' table, read as bare numbers. */
    private enum NumberType implements EntityType<Long, Long> {
        INSTANCE;

        @Override
        public TableMapping mapping() {
            return Users.MAPPING;
        }

        @Override
        public List<Field<?>> fields() {
            return List.of(DSL.field(DSL.name("account_id"), Long.class));
        }

        @Override
        public Long fromRow(Record row) {
            return row.get(0, Long.class);
        }

        @Override
        public List<@Nullable Object> values(Long number) {
            return List.of(number);
        }

        @Override
        public List<Object> keyValues(Long key) {
            return List.of(key);
        }

        @Override
        public Long key(Long number) {
            return number;
        }
    }

    /** A side that answers without doing anything. */
    private static final class Still implements Repository<Long, Long> {

        private static final Optional<Long> ANSWER = Optional.of(KEY);

        @Override
        public void save(Long number) {}

        @Override
        public void saveAll(Collection<? extends Long> numbers) {}

        @Override
        public boolean delete(Long key) {
            return false;
        }

        @Override
        public int deleteAll(Collection<? extends Long> keys) {
            return 0;
        }

        @Override
        public Optional<Long> find(Long key) {
            return ANSWER;
        }

        @Override
        public List<Long> findAll(Collection<? extends Long> keys) {
            return List.of();
        }

        @Override
        public List<Long> page(@Nullable Long after, int limit) {
            return List.of();
        }

        @Override
        public Still in(Transaction transaction) {
            return this;
        }
    }

    private static final class RoutedNumbers extends DualWriteRepository<Long, Long, Repository<Long, Long>> {
        RoutedNumbers(Router router) {
            super(router, NumberType.INSTANCE, new Still(), new Still());
        }

        @Override
        public RoutedNumbers in(Transaction transaction) {
            return this;
        }
    }
}
