package com.example.generated.repository;

import dev.crossfade.routing.PlainRepository;
import java.util.List;
import java.util.Optional;
import org.jooq.DSLContext;

/**
 * {@link UserRepository} on the table <code>modern.accounts</code> alone, without the routing layer: for when the
 * entity is contracted. Before that, what is written here is not mirrored.
 */
public final class PlainUserRepository extends PlainRepository<User, Long> implements UserRepository {

    /** Makes a repository on the modern database, in whatever transaction the context is. */
    public PlainUserRepository(DSLContext modern) {
        super(modern, new UserType());
    }

    private PlainUserRepository(PlainUserRepository from, dev.crossfade.routing.Transaction transaction) {
        super(from, transaction);
    }

    @Override
    public Optional<User> findByEmail(String email) {
        return findUnique(List.of("email"), email);
    }

    @Override
    public PlainUserRepository in(dev.crossfade.routing.Transaction transaction) {
        return new PlainUserRepository(this, transaction);
    }
}
