package dev.crossfade.benchmarks.strategies;

import com.zaxxer.hikari.HikariDataSource;
import dev.crossfade.benchmarks.accounts.AccountTables;
import dev.crossfade.benchmarks.harness.Resources;
import dev.crossfade.benchmarks.harness.Server;

/** The compared ways to change a table. */
enum Approach {
    BIG_BANG("big-bang") {
        @Override
        Strategy make(Server server, HikariDataSource pool, AccountTables tables, Course course, Resources resources) {
            return new BigBang(server.dataSource(), pool, tables);
        }
    },
    NAIVE_DUAL_WRITE("naive-dual-write") {
        @Override
        Strategy make(Server server, HikariDataSource pool, AccountTables tables, Course course, Resources resources) {
            return new NaiveDualWrite(server.dataSource(), pool, tables, course);
        }
    },
    CROSSFADE("crossfade") {
        @Override
        Strategy make(Server server, HikariDataSource pool, AccountTables tables, Course course, Resources resources) {
            return new ExpandContract(server.dataSource(), pool, tables, course, resources);
        }
    };

    private final String label;

    Approach(String label) {
        this.label = label;
    }

    /** Returns the words for the names of its rows. */
    String label() {
        return label;
    }

    /** Creates the strategy for a table; it lives until {@code resources} are closed. */
    abstract Strategy make(
            Server server, HikariDataSource pool, AccountTables tables, Course course, Resources resources);
}
