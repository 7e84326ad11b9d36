package dev.crossfade.protocol;

/**
 * The true state of the world, whether or not a database knows it.
 *
 * @param latest the last acknowledged content
 * @param frozen whether the entity is frozen
 * @param gone which database has gone back in time: 0 none, 1 the control database, 2 the other one
 * @param buried whether, when it went back, no side had the last acknowledged content
 * @param unnoted whether the sides may differ without any note: only a verification sees it
 * @param wrong the violations so far
 * @param mapping the mapping that instances run with
 * @param mirrored the mapping by which the mirror's row was projected
 * @param evidence the mapping of the newest verification, 0 if there is none
 * @param refusals how often the mirror may yet refuse a row
 * @param mishaps crashes, lost sessions and promotions that may yet happen
 */
record Facts(
        int latest,
        boolean frozen,
        int gone,
        boolean buried,
        boolean unnoted,
        Wrong wrong,
        int mapping,
        int mirrored,
        int evidence,
        int refusals,
        int mishaps) {

    Facts acknowledged(int content) {
        return new Facts(content, frozen, gone, buried, unnoted, wrong, mapping, mirrored, evidence, refusals, mishaps);
    }

    Facts frozen(boolean next) {
        return new Facts(latest, next, gone, buried, unnoted, wrong, mapping, mirrored, evidence, refusals, mishaps);
    }

    Facts buried(boolean next) {
        return new Facts(latest, frozen, gone, next, unnoted, wrong, mapping, mirrored, evidence, refusals, mishaps);
    }

    Facts gone(int next) {
        return new Facts(latest, frozen, next, buried, unnoted, wrong, mapping, mirrored, evidence, refusals, mishaps);
    }

    Facts unnoted(boolean next) {
        return new Facts(latest, frozen, gone, buried, next, wrong, mapping, mirrored, evidence, refusals, mishaps);
    }

    Facts wrong(Wrong next) {
        return new Facts(latest, frozen, gone, buried, unnoted, next, mapping, mirrored, evidence, refusals, mishaps);
    }

    Facts mapping(int next) {
        return new Facts(latest, frozen, gone, buried, unnoted, wrong, next, mirrored, evidence, refusals, mishaps);
    }

    Facts mirrored(int next) {
        return new Facts(latest, frozen, gone, buried, unnoted, wrong, mapping, next, evidence, refusals, mishaps);
    }

    Facts evidence(int next) {
        return new Facts(latest, frozen, gone, buried, unnoted, wrong, mapping, mirrored, next, refusals, mishaps);
    }

    Facts refusals(int next) {
        return new Facts(latest, frozen, gone, buried, unnoted, wrong, mapping, mirrored, evidence, next, mishaps);
    }

    Facts mishaps(int next) {
        return new Facts(latest, frozen, gone, buried, unnoted, wrong, mapping, mirrored, evidence, refusals, next);
    }
}
