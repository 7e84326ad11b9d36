package dev.crossfade.spring.autoconfigure.entities;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A JPA entity on a table that Crossfade has too. */
@Entity
@Table(schema = "LEGACY", name = "users")
public class StoredUser {

    @Id
    private int id;

    public int getId() {
        return id;
    }
}
