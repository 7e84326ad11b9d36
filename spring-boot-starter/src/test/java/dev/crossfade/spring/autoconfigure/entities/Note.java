package dev.crossfade.spring.autoconfigure.entities;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** One whose table is called as a mapped one, in another schema. */
@Entity
@Table(schema = "elsewhere", name = "users")
public class Note {

    @Id
    private long id;

    public long getId() {
        return id;
    }
}
