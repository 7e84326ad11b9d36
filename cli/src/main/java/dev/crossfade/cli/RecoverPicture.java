package dev.crossfade.cli;

import dev.crossfade.cli.Page.Tone;
import dev.crossfade.control.AuthorityTable.Fence;
import dev.crossfade.control.DatabaseIdentity;
import dev.crossfade.model.RecordKey;
import dev.crossfade.recover.Losses;
import dev.crossfade.recover.Picture;
import dev.crossfade.verify.Difference;
import dev.crossfade.verify.Survey;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What an entity's databases disagree about.
 *
 * @param reason why it is frozen; null if only its record is lost
 * @param databases who the databases are, and who they were
 * @param record the stage that the control database has; null if it has lost it
 * @param fence the stage that the modern database has; null if it does not know the entity, or there is no other
 *     database
 * @param instances the epochs that live instances have applied
 * @param authority the side that decides; null if that cannot be told
 * @param differences what differs; null where nothing was compared
 * @param losses what each decision would cost
 * @param begun a decision that has been carried out in part; null if there is none
 */
record RecoverPicture(
        @Nullable String reason,
        List<Database> databases,
        @Nullable Standing record,
        @Nullable Standing fence,
        Map<String, Long> instances,
        @Nullable String authority,
        @Nullable Differences differences,
        List<Loss> losses,
        @Nullable Begun begun) {

    /** A database; {@code remembered} is what the other one remembers of it. */
    record Database(
            String side,
            Identity now,
            @Nullable Identity remembered,
            @Nullable String change) {}

    /** Who a database is. */
    record Identity(String token, String system, long timeline, long position, long beat) {

        static Identity of(DatabaseIdentity one) {
            return new Identity(one.token(), one.system(), one.timeline(), one.position(), one.beat());
        }
    }

    /** A stage; one that is not decided was only announced. */
    record Standing(String stage, long epoch, boolean decided) {

        static @Nullable Standing of(Optional<Fence> fence) {
            return fence.map(one -> new Standing(
                            one.standing().stage().label(), one.standing().epoch(), one.decided()))
                    .orElse(null);
        }
    }

    /**
     * What differs and was not written since.
     *
     * @param written how many keys differ because they were written since, on the side that decides; these are kept
     * @param stranded how many intents lie on the other side
     */
    record Differences(
            long legacyRows,
            Kind onlyLegacy,
            Kind onlyModern,
            Kind different,
            long written,
            long restless,
            long stranded) {

        static Differences of(Survey.Seen seen, long stranded, int limit) {
            return new Differences(
                    seen.legacyRows(),
                    Kind.of(seen, Difference.Missing.class::isInstance, limit),
                    Kind.of(seen, Difference.Extra.class::isInstance, limit),
                    Kind.of(seen, Difference.Different.class::isInstance, limit),
                    seen.written(),
                    seen.restless(),
                    stranded);
        }
    }

    /** How many keys, and the first of them. */
    record Kind(long count, List<List<String>> keys) {

        static Kind of(Survey.Seen seen, Predicate<Difference> which, int limit) {
            List<RecordKey> found = seen.listed().stream()
                    .map(Survey.Listed::difference)
                    .filter(which)
                    .map(Difference::key)
                    .toList();
            return new Kind(
                    found.size(),
                    found.stream().limit(limit).map(RecordKey::values).toList());
        }
    }

    /** What a decision costs the side that loses. */
    record Loss(String winner, String loser, long deleted, long overwritten, long added, long destroyed, long allowed) {

        static Loss of(Losses losses) {
            return new Loss(
                    losses.winner().label(),
                    losses.winner().opposite().label(),
                    losses.deleted(),
                    losses.overwritten(),
                    losses.added(),
                    losses.destroyed(),
                    losses.allowed());
        }
    }

    /** A decision that has been carried out in part. */
    record Begun(String winner, String by, String reason, String at) {}

    static RecoverPicture of(Picture picture, int limit) {
        return new RecoverPicture(
                picture.standpoint().frozen().orElse(null),
                picture.databases().stream()
                        .map(one -> new Database(
                                one.side().label(),
                                Identity.of(one.now()),
                                one.remembered().map(Identity::of).orElse(null),
                                one.change().orElse(null)))
                        .toList(),
                Standing.of(picture.standpoint().record()),
                Standing.of(picture.standpoint().fence()),
                picture.standpoint().acknowledged(),
                picture.compared()
                        .map(standing -> standing.stage().authority().label())
                        .orElse(null),
                picture.seen()
                        .map(seen -> Differences.of(seen, picture.stranded(), limit))
                        .orElse(null),
                picture.losses().stream().map(Loss::of).toList(),
                picture.begun()
                        .map(one -> new Begun(
                                one.winner().label(), one.decidedBy(), one.reason(), Wording.moment(one.beganAt())))
                        .orElse(null));
    }

    void print(String entity, Page page) {
        page.line(
                "%s is %s: %s",
                entity,
                page.paint("frozen", Tone.BAD),
                reason == null ? "the control database has lost its record of where it stands." : reason);
        page.gap();
        printStage(page);
        printDatabases(page);
        if (differences != null) {
            printDifferences(page, differences);
        } else {
            page.line(
                    authority == null
                            ? "Nothing was compared: where it stands cannot be told. Say it with --stage STAGE."
                            : "Nothing was compared: in this stage there is no mirror.");
        }
        if (begun != null) {
            page.line(
                    "%s decided at %s that the %s side wins (\"%s\"), and that is carried out in part. Run the same command again.",
                    begun.by(), begun.at(), begun.winner(), begun.reason());
        }
        losses.forEach(loss -> page.line(
                "--winner %s: %s rows that only the %s side has would be deleted there, %s overwritten, %s added to it; %s may be lost without --allow-rows.",
                loss.winner(),
                Wording.count(loss.deleted()),
                loss.loser(),
                Wording.count(loss.overwritten()),
                Wording.count(loss.added()),
                Wording.count(loss.allowed())));
        page.line("Decide with `crossfade recover %s --winner legacy|modern --reason \"…\"`.", entity);
    }

    private void printStage(Page page) {
        Table table = new Table("WHERE IT STANDS", "STAGE", "EPOCH");
        table.row("control database", label(record), epoch(record));
        if (databases.size() > 1) {
            table.row("modern database", label(fence), epoch(fence));
        }
        instances.forEach((name, epoch) -> table.row(name, "", Long.toString(epoch)));
        page.table(table);
        page.line(
                authority == null ? "Which side decides is not known." : "The %s side decides.",
                String.valueOf(authority));
        page.gap();
    }

    private static String label(@Nullable Standing standing) {
        return standing == null ? "lost" : standing.stage() + (standing.decided() ? "" : " (only announced)");
    }

    private static String epoch(@Nullable Standing standing) {
        return standing == null ? "" : Long.toString(standing.epoch());
    }

    private void printDatabases(Page page) {
        Table table = new Table("DATABASE", "", "SYSTEM", "TIMELINE", "LOG POSITION", "BEAT");
        for (Database database : databases) {
            row(table, database.side(), "now", database.now());
            if (database.remembered() != null) {
                row(table, "", "remembered", database.remembered());
            }
        }
        page.table(table);
        for (Database database : databases) {
            if (database.change() != null) {
                page.line("The %s database is not what it was: %s.", database.side(), database.change());
            }
        }
        page.gap();
    }

    private static void row(Table table, String side, String when, Identity one) {
        table.row(
                side,
                when,
                one.system().isEmpty() ? "?" : one.system(),
                Long.toString(one.timeline()),
                Long.toString(one.position()),
                Long.toString(one.beat()));
    }

    private void printDifferences(Page page, Differences found) {
        page.line("%s legacy rows compared.", Wording.count(found.legacyRows()));
        Table table = new Table("ROWS", "", "FOR EXAMPLE").wrappedAt(80);
        row(table, "only legacy has", found.onlyLegacy());
        row(table, "only modern has", found.onlyModern());
        row(table, "that differ", found.different());
        page.table(table);
        if (found.written() + found.restless() > 0) {
            page.line(
                    "%s more were written since on the side that decides; they are the newest and are kept, whoever wins.",
                    Wording.count(found.written() + found.restless()));
        }
        if (found.stranded() > 0) {
            page.line(
                    "%s intents lie on the side that does not decide: it was written while it did. Rows that it has alone may be acknowledged ones.",
                    Wording.count(found.stranded()));
        }
        page.gap();
    }

    private static void row(Table table, String what, Kind kind) {
        String keys = String.join(
                " ", kind.keys().stream().map(key -> String.join(",", key)).toList());
        table.row(Wording.count(kind.count()), what, kind.count() > kind.keys().size() ? keys + " …" : keys);
    }
}
