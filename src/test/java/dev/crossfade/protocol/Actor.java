package dev.crossfade.protocol;

/**
 * One process: its step, its uncommitted work, and its memory. All of it is lost if the process dies.
 *
 * @param tx its uncommitted work
 * @param key the key that it works on
 * @param seen the snapshot of the current statement
 * @param row the row that was read
 * @param memory the rest
 */
record Actor(Step at, Tx tx, int key, long seen, int row, Memory memory) {

    /**
     * What a process remembers of its current work.
     *
     * @param round how many writes or keys are done
     * @param write the write in progress
     * @param unmirrored whether it acts under the stage without a mirror
     * @param intents the intents that it works on
     * @param claim the number of the missed write that it has claimed, 0 for none
     * @param locks whether it holds the lock of the key
     * @param mirrorLock whether it holds the lock of the key in the mirror's database too
     * @param found whether it locked the mirror's row, or saw a difference
     * @param lost whether its session on the authority has ended unnoticed
     */
    record Memory(
            int round,
            Write write,
            boolean unmirrored,
            int intents,
            int claim,
            boolean locks,
            boolean mirrorLock,
            boolean found,
            boolean lost) {

        static final Memory NOTHING = new Memory(0, Write.SAVE, false, 0, 0, false, false, false, false);

        Memory writing(Write next) {
            return new Memory(round, next, unmirrored, intents, claim, locks, mirrorLock, found, lost);
        }

        Memory unmirrored(boolean now) {
            return new Memory(round, write, now, intents, claim, locks, mirrorLock, found, lost);
        }

        Memory intents(int noted) {
            return new Memory(round, write, unmirrored, noted, claim, locks, mirrorLock, found, lost);
        }

        Memory claim(int number) {
            return new Memory(round, write, unmirrored, intents, number, locks, mirrorLock, found, lost);
        }

        Memory locks(boolean now) {
            return new Memory(round, write, unmirrored, intents, claim, now, mirrorLock, found, lost);
        }

        Memory mirrorLock(boolean now) {
            return new Memory(round, write, unmirrored, intents, claim, locks, now, found, lost);
        }

        Memory found(boolean now) {
            return new Memory(round, write, unmirrored, intents, claim, locks, mirrorLock, now, lost);
        }

        Memory lost(boolean now) {
            return new Memory(round, write, unmirrored, intents, claim, locks, mirrorLock, found, now);
        }
    }

    static final Actor NEW = at(Step.IDLE, 0);

    private static Actor at(Step step, int round) {
        Memory none = Memory.NOTHING;
        Memory memory = new Memory(round, none.write(), false, 0, 0, false, false, false, false);
        return new Actor(step, Tx.NONE, 0, 0, 0, memory);
    }

    /** Returns the process without current work. */
    Actor rest(Step step, int round) {
        return at(step, round);
    }

    Actor at(Step next) {
        return new Actor(next, tx, key, seen, row, memory);
    }

    Actor with(Tx next) {
        return new Actor(at, next, key, seen, row, memory);
    }

    Actor with(Memory next) {
        return new Actor(at, tx, key, seen, row, next);
    }

    Actor on(int next) {
        return new Actor(at, tx, next, seen, row, memory);
    }

    Actor seeing(long snapshot) {
        return new Actor(at, tx, key, snapshot, row, memory);
    }

    Actor read(int next) {
        return new Actor(at, tx, key, seen, next, memory);
    }

    int round() {
        return memory.round();
    }
}
