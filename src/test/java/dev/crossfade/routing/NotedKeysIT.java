package dev.crossfade.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.Crossfade;
import dev.crossfade.model.Stage;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Users.DualWriteUsers;
import dev.crossfade.testing.Users.User;
import dev.crossfade.testing.World;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A save notes the key under which its row is stored, which may not be the one that it was given. */
class NotedKeysIT {

    private static final String SHIFT = """
            create function legacy.shift() returns trigger language plpgsql as $$
            begin new.id := new.id + 1000; return new; end $$;
            """;

    /** The table with a trigger that stores rows under other keys. */
    enum Place {
        TABLE("create trigger shift before insert on legacy.users for each row execute function legacy.shift()"),
        TABLE_LATER("select"),
        BEHIND_A_VIEW("""
                alter table legacy.users rename to stored;
                create view legacy.users as select * from legacy.stored;
                create trigger shift before insert on legacy.stored for each row execute function legacy.shift()
                """),
        PARTITION("""
                alter table legacy.users rename to model;
                create table legacy.users (like legacy.model including defaults, primary key (id)) partition by range (id);
                create table legacy.part partition of legacy.users for values from (0) to (5000);
                create trigger shift before insert on legacy.part for each row execute function legacy.shift()
                """);

        private final String ddl;

        Place(String ddl) {
            this.ddl = ddl;
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRowThatIsStoredUnderAnotherKeyIsMirrored(Place place) throws Exception {
        try (World world = new World(Topology.TWO_DATABASES)) {
            world.legacy().execute(SHIFT, place.ddl);
            Crossfade crossfade = world.start();
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            world.moveTo(crossfade, Stage.DUAL_WRITE);
            if (place == Place.TABLE_LATER) {
                users.save(user(2));
                world.legacy().execute(Place.TABLE.ddl);
            }

            users.save(user(1));

            assertThat(crossfade.awaitLevel(Duration.ofSeconds(20))).isTrue();
            assertThat(world.modern().dsl().fetchValue("select count(*) from modern.accounts where account_id = 1001"))
                    .isEqualTo(1L);
            assertThat(world.differences()).isEmpty();
        }
    }

    private static User user(long id) {
        return new User(id, id + "@example.org", "Some Body");
    }
}
