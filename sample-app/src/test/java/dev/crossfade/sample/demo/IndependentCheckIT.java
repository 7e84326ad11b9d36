package dev.crossfade.sample.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.Crossfade;
import dev.crossfade.model.Stage;
import dev.crossfade.sample.storage.Migrations;
import dev.crossfade.sample.storage.Repositories;
import dev.crossfade.testing.TestDatabase;
import dev.crossfade.testing.TestDatabases;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The check that judges every run must see what is wrong: here each kind of damage is done on purpose. */
class IndependentCheckIT {

    private static final DemoSettings SETTINGS = new DemoSettings(1_000, 1, Topology.ONE_DATABASE, false, 1);

    @TempDir
    private Path scratch;

    private TestDatabase database;
    private LiveView view;
    private Crossfade crossfade;
    private Repositories repositories;
    private Traffic traffic;

    @BeforeEach
    void copyTheDataSetToTheModernSide() {
        database = TestDatabases.create();
        view = new LiveView(new PrintStream(OutputStream.nullOutputStream()), false);
        DataSet.load(database.dataSource(), SETTINGS);
        crossfade = Crossfade.builder().database(database.dataSource()).build();
        repositories = Repositories.of(crossfade);
        Operator operator = new Operator(database.databases(), crossfade, crossfade.mappings(), view);
        operator.migrate(Migrations.unpack(scratch), Migrations.EXPANDED);
        operator.moveTo(Stage.DUAL_WRITE);
        operator.backfill();
        traffic = new Traffic(repositories, SETTINGS);
    }

    @AfterEach
    void dropTheDatabase() {
        crossfade.close();
        view.close();
        database.close();
    }

    @Test
    void anUntouchedCopyHasNoDifferences() {
        assertThat(check().first()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "delete from modern.accounts where account_id = 101",
                "delete from legacy.users where id = 101",
                "update modern.accounts set email = 'other@example.org' where account_id = 101",
                "update modern.accounts set full_name = coalesce(full_name || ' Jr', 'X') where account_id = 101",
                "update modern.accounts set preferences = '{\"x\": 1}' where account_id = 101",
                "update modern.accounts set created_at = created_at + interval '1 hour' where account_id = 101",
                "update modern.accounts set email_verified_at = null where email_verified_at is not null",
                "update modern.purchases set amount = amount + 0.01 where purchase_id = 101",
                "update modern.purchases set status = 'cancelled' where status = 'open'",
                "update legacy.orders set note = 'changed' where id = 101"
            })
    void damageOnOneSideIsFound(String damage) {
        database.execute(damage);

        assertThat(check().count()).isPositive();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "delete from legacy.users where id = 101; delete from modern.accounts where account_id = 101",
                "update legacy.users set phone = '110' where id = 101;"
                        + " update modern.accounts set phone = '110' where account_id = 101"
            })
    void damageOnBothSidesOfARecordThatNobodyWroteIsFound(String damage) {
        database.execute(damage);

        assertThat(check().count()).isPositive();
    }

    @Test
    void aCounterThatLostAnUpdateOnBothSidesIsFound() {
        traffic.counters().countedUp(new Group(1).order(0));

        assertThat(check().first()).singleElement().asString().contains("counter 1");
    }

    @Test
    void anAnsweredWriteThatIsLostOnBothSidesIsFound() {
        long answered = firstAnsweredUser();
        database.execute(
                "delete from legacy.orders where user_id = " + answered,
                "delete from legacy.users where id = " + answered,
                "delete from modern.purchases where account_id = " + answered,
                "delete from modern.accounts where account_id = " + answered);

        assertThat(check().first()).anySatisfy(finding -> assertThat(finding).contains("answered user " + answered));
    }

    private long firstAnsweredUser() {
        Model model = traffic.models().getFirst();
        while (model.users().values().stream().noneMatch(Optional::isPresent)) {
            traffic.step();
        }
        return model.users().entrySet().stream()
                .filter(user -> user.getValue().isPresent())
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow();
    }

    private Findings check() {
        IndependentCheck check = new IndependentCheck(database.databases(), traffic);
        check.compareSides();
        return check.compareWithAnswers();
    }
}
