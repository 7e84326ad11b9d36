package dev.crossfade.testing;

import dev.crossfade.model.Side;

/** A trigger on a side of the users of {@link Users} that refuses writes. */
public final class Refusals {

    private Refusals() {}

    /** Returns the body of a function that raises an SQLSTATE. */
    public static String raise(String state) {
        return "raise exception 'refused' using errcode = '%s';".formatted(state);
    }

    /** Makes every write of a side's table run {@code body}. */
    public static void refuse(World world, Side side, String body) {
        TestDatabase database = world.of(side);
        database.execute(
                "create or replace function public.refuse() returns trigger language plpgsql as $$begin %s return null; end$$"
                        .formatted(body),
                "create trigger refuse before insert or update or delete on %s for each statement execute function public.refuse()"
                        .formatted(Users.MAPPING.relation(side).toTable()));
    }

    /** Ends that. */
    public static void accept(World world, Side side) {
        world.of(side)
                .execute("drop trigger refuse on %s"
                        .formatted(Users.MAPPING.relation(side).toTable()));
    }
}
