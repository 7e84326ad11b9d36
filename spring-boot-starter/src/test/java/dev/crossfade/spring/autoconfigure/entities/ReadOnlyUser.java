package dev.crossfade.spring.autoconfigure.entities;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.hibernate.annotations.Immutable;

/** One that is never flushed. */
@Entity
@Immutable
@Table(schema = "modern", name = "accounts")
public class ReadOnlyUser {

    @Id
    private long accountId;

    public long getAccountId() {
        return accountId;
    }
}
