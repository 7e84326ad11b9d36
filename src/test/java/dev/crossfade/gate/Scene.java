package dev.crossfade.gate;

import dev.crossfade.control.AuthorityTable;
import dev.crossfade.control.AuthorityTable.Standing;
import dev.crossfade.control.ControlSchema;
import dev.crossfade.control.Databases;
import dev.crossfade.flags.Gate.Step;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.Stage;
import dev.crossfade.testing.TestDatabase;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Users;
import dev.crossfade.testing.World;
import java.util.List;
import org.jooq.DSLContext;

/** The users' tables and a control schema in which a test writes the evidence for a gate; no service runs. */
final class Scene implements AutoCloseable {

    static final long EPOCH = 7;

    private final World world;

    Scene(Topology topology) {
        this(new World(topology));
    }

    Scene(World world) {
        this.world = world;
        ControlSchema.install(world.databases());
        AuthorityTable.register(world.databases().controlDsl(), "user");
    }

    static Step step(Stage from, Stage to) {
        return new Step("user", new Standing(from, EPOCH), to);
    }

    Databases databases() {
        return world.databases();
    }

    DSLContext control() {
        return world.databases().controlDsl();
    }

    TestDatabase legacy() {
        return world.legacy();
    }

    TestDatabase modern() {
        return world.modern();
    }

    /** Tells a gate whether a proof is about the users as they are now. */
    Proofs proofs() {
        return new Proofs(world.databases(), mappings());
    }

    /** The texts of a proof that is made now. */
    String[] evidence() {
        return Users.MAPPING.proof(world.databases()).texts();
    }

    static Mappings mappings(TableMapping... mappings) {
        return new Mappings(() -> mappings.length == 0 ? List.of(Users.MAPPING) : List.of(mappings));
    }

    /** Records a change of the users' stage some time ago, for example {@code 2 hours}. */
    Scene moved(Stage from, Stage to, String ago) {
        control()
                .execute(
                        "insert into crossfade.stage_change (entity, from_stage, to_stage, epoch, changed_at, changed_by, forced, gates)"
                                + " values ('user', ?, ?, 1, now() - cast(? as interval), 'test', false, '[]')",
                        from.name(),
                        to.name(),
                        ago);
        return this;
    }

    @Override
    public void close() {
        world.close();
    }
}
