package dev.crossfade.recover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.Crossfade;
import dev.crossfade.control.AuthorityTable;
import dev.crossfade.control.AuthorityTable.Fence;
import dev.crossfade.control.AuthorityTable.Standing;
import dev.crossfade.flags.StageLog.Author;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.testing.Users;
import dev.crossfade.testing.Users.DualWriteUsers;
import dev.crossfade.testing.Users.User;
import dev.crossfade.testing.World;
import dev.crossfade.verify.VerificationListener;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Users that differ between the sides, frozen until an operator decides. */
final class Diverged {

    static final String REASON = "the modern database is not what it was: it has gone back in time.";

    private Diverged() {}

    static DualWriteUsers worldAt(World world, Stage stage) {
        DualWriteUsers users = world.usersAt(Stage.DUAL_WRITE);
        users.saveAll(IntStream.rangeClosed(1, 10)
                .mapToObj(i -> new User(i, i + "@example.org", "Ada Nr" + i))
                .toList());
        world.drain();
        Crossfade mover = world.start();
        assertThat(new DualWriteUsers(mover.routing()).find(1L)).isPresent();
        world.moveTo(mover, stage);
        world.stop(mover);
        world.awaitAcknowledged();
        return users;
    }

    /** 2 is missing on the modern side, 101 is only there, 3 differs. */
    static void diverge(World world) {
        world.modern().execute("""
                delete from modern.accounts where account_id = 2;
                insert into modern.accounts values (101, '101@example.org', 'Of Modern');
                update modern.accounts set full_name = 'Of Modern' where account_id = 3;
                """);
        world.legacy().execute("update legacy.users set first_name = 'Of', last_name = 'Legacy' where id = 3");
    }

    static void freeze(World world) {
        AuthorityTable.freeze(world.legacy().dsl(), "user", REASON);
        AuthorityTable.freeze(world.modern().dsl(), "user", REASON);
    }

    static Optional<String> frozen(World world) {
        return Stream.of(world.legacy(), world.modern())
                .flatMap(database -> AuthorityTable.fence(database.dsl(), "user").flatMap(Fence::frozen).stream())
                .findFirst();
    }

    static Recovery recovery(World world) {
        return new Recovery(world.databases(), Users.MAPPING, VerificationListener.NONE);
    }

    static Decision decision(Side winner) {
        return new Decision(winner, Optional.empty(), new Author("ada", "a test"), OptionalLong.empty(), false);
    }

    static Decision decision(Side winner, long allowed, boolean leaveUnfit) {
        return new Decision(
                winner, Optional.empty(), new Author("ada", "a test"), OptionalLong.of(allowed), leaveUnfit);
    }

    static Standing standing(World world) {
        return AuthorityTable.find(world.legacy().dsl(), "user").orElseThrow();
    }

    static Set<Integer> ids(World world) {
        return Set.copyOf(
                world.legacy().dsl().fetch("select id from legacy.users").getValues(0, Integer.class));
    }

    static String name(World world, int id) {
        return world.legacy()
                .dsl()
                .fetchSingle("select concat_ws(' ', first_name, last_name) from legacy.users where id = ?", id)
                .get(0, String.class);
    }
}
