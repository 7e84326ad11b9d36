package dev.crossfade.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.control.ControlSchema;
import dev.crossfade.control.Databases;
import dev.crossfade.model.RecordKey;
import dev.crossfade.queue.Intents;
import dev.crossfade.queue.MissedWrites;
import dev.crossfade.queue.MissedWrites.MissedWrite;
import dev.crossfade.queue.RetrySettings;
import dev.crossfade.testing.InterceptedDataSource;
import dev.crossfade.testing.Notes;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Users;
import dev.crossfade.testing.World;
import java.sql.Connection;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.ds.PGSimpleDataSource;

/** An unexpected exception for a key blocks only that key. */
class OddKeysIT {

    private static final String ODD = "4711";

    /** Exceptions that may be thrown while a key is bound. */
    enum Surprise {
        NULL,
        ARGUMENT,
        DEEP,
        ASSERTION,
        WRAPPED;

        Throwable thrown() {
            String message = "value " + ODD;
            return switch (this) {
                case NULL -> new NullPointerException(message);
                case ARGUMENT -> new IllegalArgumentException(message);
                case DEEP -> new StackOverflowError();
                case ASSERTION -> new AssertionError(message);
                case WRAPPED -> new DataAccessException(message);
            };
        }
    }

    @ParameterizedTest
    @CsvSource({
        "ONE_DATABASE, NULL",
        "TWO_DATABASES, NULL",
        "ONE_DATABASE, ARGUMENT",
        "TWO_DATABASES, DEEP",
        "ONE_DATABASE, ASSERTION",
        "TWO_DATABASES, WRAPPED"
    })
    void anOddKeyIsMissedAloneAndTriedAgain(Topology topology, Surprise surprise) {
        try (World world = world(topology)) {
            InterceptedDataSource legacy =
                    new InterceptedDataSource(world.legacy().dataSource());
            Databases databases = topology == Topology.ONE_DATABASE
                    ? Databases.shared(legacy)
                    : new Databases(legacy, world.modern().dataSource());
            throwAtTheOddKey(legacy, surprise::thrown);
            Drain drain = drain(databases);

            Drain.Round round = drain.intents(Users.MAPPING, Duration.ZERO);

            assertThat(round).isEqualTo(new Drain.Round(100, 0, 1));
            assertThat(missed(world)).singleElement().satisfies(one -> {
                assertThat(one.key()).isEqualTo(RecordKey.of(ODD));
                assertThat(one.sqlState()).isEqualTo("CF005");
                assertThat(one.attempts()).isOne();
                assertThat(one.message())
                        .startsWith(surprise.thrown().getClass().getName() + " at ")
                        .contains("dev.crossfade.")
                        .doesNotContain("value", ODD);
            });
            world.legacy().execute("update crossfade.missed_write set next_try_at = now()");
            assertThat(drain.missedWrites(Users.MAPPING)).isEqualTo(new Drain.Round(0, 0, 1));
            assertThat(missed(world).getFirst().attempts()).isEqualTo(2);

            legacy.letGo();
            world.legacy().execute("update crossfade.missed_write set next_try_at = now()");
            assertThat(drain.missedWrites(Users.MAPPING)).isEqualTo(new Drain.Round(1, 0, 0));
            assertThat(world.differences()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void anErrorOfTheProcessIsNobodysPoison(Topology topology) {
        try (World world = world(topology)) {
            InterceptedDataSource legacy =
                    new InterceptedDataSource(world.legacy().dataSource());
            Databases databases = topology == Topology.ONE_DATABASE
                    ? Databases.shared(legacy)
                    : new Databases(legacy, world.modern().dataSource());
            throwAtTheOddKey(legacy, () -> new InternalError("simulated"));

            assertThatThrownBy(() -> drain(databases).intents(Users.MAPPING, Duration.ZERO))
                    .isInstanceOf(InternalError.class);

            assertThat(missed(world)).isEmpty();
            assertThat(world.intents()).isEqualTo(101);
        }
    }

    /** A broken pool may throw anything, and no key is at fault. */
    @Test
    void aPoolThatThrowsIsAnOutage() {
        try (World world = world(Topology.TWO_DATABASES)) {
            DataSource broken = new PGSimpleDataSource() {
                private static final long serialVersionUID = 1;

                @Override
                public Connection getConnection() {
                    throw new IllegalStateException("the pool is closed");
                }
            };
            Databases databases = new Databases(world.legacy().dataSource(), broken);

            assertThatThrownBy(() -> drain(databases).intents(Users.MAPPING, Duration.ZERO))
                    .isInstanceOf(MirrorOutageException.class);

            assertThat(missed(world)).isEmpty();
            assertThat(Intents.count(world.legacy().dsl(), "user")).isEqualTo(101);
        }
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> void sneak(Throwable thrown) throws E {
        throw (E) thrown;
    }

    /** Only when it is applied: its notes and records are ordinary text. */
    private static void throwAtTheOddKey(InterceptedDataSource legacy, Supplier<Throwable> thrown) {
        legacy.interceptArrays((sql, values) -> {
            if (Arrays.asList(values).contains(ODD) && !sql.contains("missed_write") && !sql.contains("intent")) {
                OddKeysIT.<RuntimeException>sneak(thrown.get());
            }
        });
    }

    private static World world(Topology topology) {
        World world = new World(topology);
        ControlSchema.install(world.databases());
        world.legacy()
                .execute(
                        "insert into crossfade.authority (entity, epoch, stage) values ('user', 1, 'DUAL_WRITE')",
                        "insert into legacy.users (id, email, first_name, last_name) select i, i || '@example.org', 'F', 'L' from generate_series(1, 100) as i union all select 4711, 'odd', 'F', 'L'");
        List<RecordKey> keys = IntStream.concat(IntStream.rangeClosed(1, 50), IntStream.of(4711))
                .mapToObj(key -> RecordKey.of("" + key))
                .toList();
        Notes.append(world.legacy().dsl(), "user", keys);
        Notes.append(
                world.legacy().dsl(),
                "user",
                IntStream.rangeClosed(51, 100)
                        .mapToObj(key -> RecordKey.of("" + key))
                        .toList());
        return world;
    }

    private static Drain drain(Databases databases) {
        return new Drain(
                databases,
                new Reconciler(databases, ReconcileListener.NONE, Duration.ofSeconds(5), RetrySettings.DEFAULTS));
    }

    private static List<MissedWrite> missed(World world) {
        return new MissedWrites(world.legacy().dsl()).list(Optional.empty(), 100);
    }
}
