package com.example.generated.repository;

import dev.crossfade.routing.Repository;
import java.util.Optional;

/** Finds and changes {@link User} records, wherever they are stored. */
public interface UserRepository extends Repository<User, Long> {

    /** Returns the record with this <code>email</code>, which <code>accounts_email_key</code> makes unique. */
    Optional<User> findByEmail(String email);

    @Override
    UserRepository in(dev.crossfade.routing.Transaction transaction);
}
