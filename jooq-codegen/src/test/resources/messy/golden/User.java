package com.example.generated.repository;

import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/**
 * A row of <code>modern.accounts</code>, which follows from the row of <code>legacy.users</code> with the same key.
 *
 * @param accountId <code>account_id</code>, the key; <code>id</code> on the legacy side
 * @param email <code>email</code>: <code>lower(email)</code>
 * @param fullName <code>full_name</code>: <code>concat_ws(' ', first_name, last_name)</code>
 * @param emailVerifiedAt <code>email_verified_at</code>: <code>created_at</code>
 */
public record User(Long accountId, String email, @Nullable String fullName, OffsetDateTime emailVerifiedAt) {}
