package dev.crossfade.sample.web;

import dev.crossfade.sample.db.repository.User;
import dev.crossfade.sample.storage.NormalForm;
import java.time.Instant;
import org.jooq.JSONB;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A user as clients receive and send it. An id in the path overrides the one here.
 *
 * @param id the user's id
 * @param email the address, unique among all users
 * @param fullName the name, null if it is not known
 * @param phone digits and plus signs, null if it is not known
 * @param status active, blocked or closed; active if left out
 * @param preferences any JSON object; empty if left out
 * @param emailVerifiedAt when the address was verified, null if it was not
 * @param createdAt when the user was created; now if left out
 */
record UserView(
        @Nullable Long id,
        @Nullable String email,
        @Nullable String fullName,
        @Nullable String phone,
        @Nullable String status,
        @Nullable JsonNode preferences,
        @Nullable Instant emailVerifiedAt,
        @Nullable Instant createdAt) {

    static final String STATUSES = "active|blocked|closed";

    private static final int LONGEST_EMAIL = 254;
    private static final int LONGEST_PHONE = 40;
    private static final JsonMapper JSON = JsonMapper.shared();

    static UserView of(User user) {
        return new UserView(
                user.accountId(),
                user.email(),
                user.fullName(),
                user.phone(),
                user.status(),
                JSON.readTree(user.preferences().data()),
                user.emailVerifiedAt() == null ? null : user.emailVerifiedAt().toInstant(),
                user.createdAt().toInstant());
    }

    /** Returns the record in normal form; notes problems under the name of {@code where}. */
    User toUser(long key, Problems problems, String where) {
        String address = email == null ? "" : NormalForm.email(email);
        String digits = NormalForm.phone(phone);
        String standing = status == null ? "active" : status;
        problems.require(address.matches("[^@\\s]+@[^@\\s]+"), where + "email", "is not an e-mail address");
        problems.require(address.length() <= LONGEST_EMAIL, where + "email", "is longer than 254 characters");
        problems.require(
                digits == null || digits.length() <= LONGEST_PHONE, where + "phone", "is longer than 40 digits");
        problems.require(standing.matches(STATUSES), where + "status", "is not one of " + STATUSES);
        problems.require(preferences == null || preferences.isObject(), where + "preferences", "is not a JSON object");
        return new User(
                key,
                address,
                NormalForm.name(fullName),
                digits,
                standing,
                JSONB.valueOf(preferences == null ? "{}" : preferences.toString()),
                emailVerifiedAt == null ? null : NormalForm.time(emailVerifiedAt),
                NormalForm.time(createdAt == null ? Instant.now() : createdAt));
    }
}
