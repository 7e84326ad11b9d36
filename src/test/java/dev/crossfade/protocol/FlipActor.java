package dev.crossfade.protocol;

/**
 * One process that runs concurrently with flips: its step, its transactions, and its memory. All of it is lost if the
 * process dies.
 *
 * @param legacy its transaction in the control database, which has the legacy table
 * @param modern its transaction in the other database, if there is one
 * @param known the standing that it acts under
 * @param from the side that it copies from or writes
 * @param intents the intents that it works on
 * @param row the row that was read
 * @param seen the intents that existed then
 * @param round how much of its work is done
 * @param number another number that it remembers: a claim or a count
 * @param mapping the mapping that was in force when it began
 * @param outOfDate whether it acts under a stage although it could know of a newer one
 * @param lost whether its session in one database has ended unnoticed
 */
record FlipActor(
        FlipStep at,
        Session legacy,
        Session modern,
        Standing known,
        int from,
        int intents,
        int row,
        int seen,
        int round,
        int number,
        int mapping,
        boolean outOfDate,
        boolean lost) {

    static FlipActor beginning(Standing known) {
        return new FlipActor(FlipStep.IDLE, Session.NONE, Session.NONE, known, 0, 0, 0, 0, 0, 0, 0, false, false);
    }

    FlipActor at(FlipStep next) {
        return new FlipActor(
                next, legacy, modern, known, from, intents, row, seen, round, number, mapping, outOfDate, lost);
    }

    /** Returns the process without current work; it keeps what it knows of the stage. */
    FlipActor rest(int nextRound) {
        return new FlipActor(
                FlipStep.IDLE, Session.NONE, Session.NONE, known, 0, 0, 0, 0, nextRound, 0, 0, false, false);
    }

    FlipActor knowing(Standing next) {
        return new FlipActor(
                at, legacy, modern, next, from, intents, row, seen, round, number, mapping, outOfDate, lost);
    }

    FlipActor noting(int side, int noted) {
        return new FlipActor(
                at, legacy, modern, known, side, noted, row, seen, round, number, mapping, outOfDate, lost);
    }

    FlipActor read(int next) {
        return new FlipActor(
                at, legacy, modern, known, from, intents, next, seen, round, number, mapping, outOfDate, lost);
    }

    FlipActor seeing(int present) {
        return new FlipActor(
                at, legacy, modern, known, from, intents, row, present, round, number, mapping, outOfDate, lost);
    }

    FlipActor number(int next) {
        return new FlipActor(
                at, legacy, modern, known, from, intents, row, seen, round, next, mapping, outOfDate, lost);
    }

    FlipActor under(Standing next, int mappingInForce, boolean newerIsKnown) {
        return new FlipActor(
                at, legacy, modern, next, from, intents, row, seen, round, number, mappingInForce, newerIsKnown, lost);
    }

    FlipActor losingItsSession(int database) {
        FlipActor left = with(database, Session.NONE);
        return new FlipActor(
                at, left.legacy, left.modern, known, from, intents, row, seen, round, number, mapping, outOfDate, true);
    }

    Session session(int database) {
        return database == 0 ? legacy : modern;
    }

    FlipActor with(int database, Session next) {
        return database == 0
                ? new FlipActor(
                        at, next, modern, known, from, intents, row, seen, round, number, mapping, outOfDate, lost)
                : new FlipActor(
                        at, legacy, next, known, from, intents, row, seen, round, number, mapping, outOfDate, lost);
    }
}
