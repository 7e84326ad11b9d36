package dev.crossfade.flags;

import dev.crossfade.Crossfade;
import dev.crossfade.flags.StageHistory.RecordedChange;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Users.DualWriteUsers;
import dev.crossfade.testing.World;
import java.util.List;
import org.jooq.DSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.togglz.core.repository.FeatureState;
import org.togglz.core.repository.StateRepository;
import org.togglz.core.util.NamedFeature;

/** A service in one database whose users' flags a person called ada switches. */
abstract class FlaggedUsers {

    World world;
    Crossfade crossfade;
    StateRepository flags;

    @BeforeEach
    void start() {
        world = new World(Topology.ONE_DATABASE);
        crossfade = world.start();
        new DualWriteUsers(crossfade.routing());
        flags = crossfade.stateRepository(() -> "ada");
    }

    @AfterEach
    void close() {
        world.close();
    }

    void set(String flag, boolean on) {
        flags.setFeatureState(new FeatureState(feature(flag), on));
    }

    static NamedFeature feature(String flag) {
        return new NamedFeature("user." + flag);
    }

    Stage stage() {
        return crossfade.stages().standing("user").stage();
    }

    List<RecordedChange> history() {
        return StageHistory.history(control(), "user", 10);
    }

    DSLContext control() {
        return world.databases().dsl(Side.LEGACY);
    }
}
