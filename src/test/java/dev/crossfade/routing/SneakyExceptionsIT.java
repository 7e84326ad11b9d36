package dev.crossfade.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.Crossfade;
import dev.crossfade.model.Stage;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Users;
import dev.crossfade.testing.Users.DualWriteUsers;
import dev.crossfade.testing.Users.User;
import dev.crossfade.testing.World;
import java.io.IOException;
import org.jooq.DSLContext;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Kotlin, and Lombok's {@code @SneakyThrows}, throw checked exceptions that no signature declares. */
class SneakyExceptionsIT {

    private static final User ADA = new User(1, "ada@example.org", "Ada Lovelace");

    @ParameterizedTest
    @EnumSource
    void aTransactionThatEndsWithOneIsRolledBack(Topology topology) {
        try (World world = new World(topology)) {
            Crossfade crossfade = world.start();
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            world.moveTo(crossfade, Stage.DUAL_WRITE);

            assertThatThrownBy(() -> crossfade.transaction(tx -> {
                        users.in(tx).save(ADA);
                        throw sneaky(new IOException("the file is gone"));
                    }))
                    .isInstanceOf(IOException.class);

            assertThat(users.page(null, 10)).isEmpty();
        }
    }

    /** Otherwise the earlier writes would be on the authoritative side alone, without an intent. */
    @ParameterizedTest
    @EnumSource
    void aWriteThatEndsWithOneIsRolledBack(Topology topology) {
        try (World world = new World(topology)) {
            Crossfade crossfade = world.start();
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            world.moveTo(crossfade, Stage.DUAL_WRITE);
            RepositoryPair<DSLContext, Long> pair =
                    crossfade.pair(HandWritten.of(Users.MAPPING, legacy -> legacy, modern -> modern));

            assertThatThrownBy(() -> pair.write(1L, legacy -> {
                        legacy.execute("insert into legacy.users (id, email) values (1, 'ada@example.org')");
                        throw sneaky(new IOException("the file is gone"));
                    }))
                    .isInstanceOf(IOException.class);

            assertThat(users.page(null, 10)).isEmpty();
            assertThat(world.differences()).isEmpty();
        }
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> E sneaky(Throwable failure) throws E {
        throw (E) failure;
    }
}
