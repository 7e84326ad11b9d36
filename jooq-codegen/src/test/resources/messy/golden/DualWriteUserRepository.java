package com.example.generated.repository;

import dev.crossfade.Crossfade;
import dev.crossfade.routing.DualWriteRepository;
import java.util.Optional;

/**
 * {@link UserRepository} as the stage of the entity <code>user</code> asks for: writes go to the authoritative side and
 * are mirrored on the other one, reads are answered by the side that the stage picks.
 */
public final class DualWriteUserRepository extends DualWriteRepository<User, Long, UserRepository>
        implements UserRepository {

    /** Makes a repository whose statements each have a transaction of their own. */
    public DualWriteUserRepository(Crossfade crossfade) {
        super(
                crossfade.routing(),
                new UserType(),
                new LegacyUserRepository(crossfade),
                new ModernUserRepository(crossfade));
    }

    private DualWriteUserRepository(DualWriteUserRepository from, dev.crossfade.routing.Transaction transaction) {
        super(from, transaction, from.legacy().in(transaction), from.modern().in(transaction));
    }

    @Override
    public Optional<User> findByEmail(String email) {
        return read(side -> side.findByEmail(email));
    }

    @Override
    public DualWriteUserRepository in(dev.crossfade.routing.Transaction transaction) {
        return new DualWriteUserRepository(this, transaction);
    }
}
