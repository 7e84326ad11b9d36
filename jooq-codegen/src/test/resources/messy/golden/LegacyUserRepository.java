package com.example.generated.repository;

import dev.crossfade.Crossfade;
import dev.crossfade.model.Side;
import dev.crossfade.routing.SideRepository;
import java.util.List;
import java.util.Optional;

/**
 * {@link UserRepository} on the legacy side alone, the table <code>legacy.users</code>. What is written here is not
 * mirrored.
 */
public final class LegacyUserRepository extends SideRepository<User, Long> implements UserRepository {

    /** Makes a repository whose statements each have a transaction of their own. */
    public LegacyUserRepository(Crossfade crossfade) {
        super(crossfade.routing(), new UserType(), Side.LEGACY);
    }

    private LegacyUserRepository(LegacyUserRepository from, dev.crossfade.routing.Transaction transaction) {
        super(from, transaction);
    }

    @Override
    public Optional<User> findByEmail(String email) {
        return findUnique(List.of("email"), email);
    }

    @Override
    public LegacyUserRepository in(dev.crossfade.routing.Transaction transaction) {
        return new LegacyUserRepository(this, transaction);
    }
}
