package dev.crossfade.cli.rows;

import dev.crossfade.cli.terminal.Page;
import dev.crossfade.cli.terminal.Page.Tone;
import dev.crossfade.cli.terminal.Table;
import dev.crossfade.operate.report.RecoverPicture;
import dev.crossfade.operate.report.RecoverPicture.Database;
import dev.crossfade.operate.report.RecoverPicture.Differences;
import dev.crossfade.operate.report.RecoverPicture.Identity;
import dev.crossfade.operate.report.RecoverPicture.Kind;
import dev.crossfade.operate.report.RecoverPicture.Standing;
import dev.crossfade.operate.report.Wording;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Prints a {@link RecoverPicture} for people. */
final class RecoverPictureText {

    private RecoverPictureText() {}

    static void print(RecoverPicture picture, String entity, Page page) {
        page.line(
                "%s is %s: %s",
                entity,
                page.paint("frozen", Tone.BAD),
                picture.reason() == null
                        ? "the control database has lost its record of where it stands."
                        : picture.reason());
        page.gap();
        printStage(picture, page);
        printDatabases(picture.databases(), page);
        if (picture.differences() != null) {
            printDifferences(page, picture.differences());
        } else {
            page.line(
                    picture.authority() == null
                            ? "Nothing was compared: where it stands cannot be told. Say it with --stage STAGE."
                            : "Nothing was compared: in this stage there is no mirror.");
        }
        if (picture.begun() != null) {
            page.line(
                    "%s decided at %s that the %s side wins (\"%s\"), and that is carried out in part. Run the same command again.",
                    picture.begun().by(),
                    picture.begun().at(),
                    picture.begun().winner(),
                    picture.begun().reason());
        }
        picture.losses()
                .forEach(loss -> page.line(
                        "--winner %s: %s rows that only the %s side has would be deleted there, %s overwritten, %s added to it; %s may be lost without --allow-rows.",
                        loss.winner(),
                        Wording.count(loss.deleted()),
                        loss.loser(),
                        Wording.count(loss.overwritten()),
                        Wording.count(loss.added()),
                        Wording.count(loss.allowed())));
        page.line("Decide with `crossfade recover %s --winner legacy|modern --reason \"…\"`.", entity);
    }

    private static void printStage(RecoverPicture picture, Page page) {
        Table table = new Table("WHERE IT STANDS", "STAGE", "EPOCH");
        table.row("control database", label(picture.record()), epoch(picture.record()));
        if (picture.databases().size() > 1) {
            table.row("modern database", label(picture.fence()), epoch(picture.fence()));
        }
        picture.instances().forEach((name, epoch) -> table.row(name, "", Long.toString(epoch)));
        page.table(table);
        page.line(
                picture.authority() == null ? "Which side decides is not known." : "The %s side decides.",
                String.valueOf(picture.authority()));
        page.gap();
    }

    private static String label(@Nullable Standing standing) {
        return standing == null ? "lost" : standing.stage() + (standing.decided() ? "" : " (only announced)");
    }

    private static String epoch(@Nullable Standing standing) {
        return standing == null ? "" : Long.toString(standing.epoch());
    }

    private static void printDatabases(List<Database> databases, Page page) {
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

    private static void printDifferences(Page page, Differences found) {
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
