package dev.crossfade.routing;

import dev.crossfade.model.Side;
import dev.crossfade.model.StageMovedException;
import dev.crossfade.model.StatementException;
import dev.crossfade.stages.EntityStage;
import java.util.function.Function;
import org.jooq.Configuration;
import org.jooq.DSLContext;

/**
 * What repositories are made with, and what begins transactions over several of them. A service gets it of its
 * {@code Crossfade}, which ends it. Thread-safe.
 */
public sealed interface Router permits EntityRouter {

    /**
     * Runs {@code work} in one transaction and commits it; an exception rolls everything back, mirror writes and
     * intents too. When the authority of an entity moves before the transaction has written it, the work is run again,
     * so it should have no effects outside the database. Within a transaction of the caller's framework, the work
     * becomes a part of that one, which commits it and is not run again; an exception marks it to be rolled back,
     * whoever catches it.
     *
     * @throws StatementException if the commit fails
     */
    <T> T transaction(Function<Transaction, T> work);

    /**
     * As {@link #transaction}, for reading alone: the database refuses writes. Between two databases the side that the
     * stage asks for answers each read, the one that the transaction does not run in outside its snapshot.
     */
    <T> T readOnly(Function<Transaction, T> work);

    /**
     * Runs {@code work} in a jOOQ transaction that the caller began and ends. The transaction must be on the database
     * of the authoritative side; when {@link StageMovedException} is thrown, roll it back and run it again. Where the
     * caller's framework keeps jOOQ's transactions, as Spring's transaction manager may, the work becomes a part of the
     * one that the framework has open.
     *
     * @param jooqTransaction the configuration that {@code dsl.transaction(…)} handed over
     * @throws IllegalArgumentException if that is not in a transaction; the auto-commit of its connection does not
     *     count
     */
    <T> T join(Configuration jooqTransaction, Side side, Function<Transaction, T> work);

    /**
     * For {@link AmbientTransactions}: begins to take part in a framework's transaction. The stages stay those of this
     * moment until {@link Participation#close()}.
     */
    Participation takePart(AmbientTransactions.Connections connections);

    /** Returns a jOOQ context on a side's database, past the routing layer, and in no transaction. */
    DSLContext dsl(Side side);

    /** Returns how an entity is routed in this process now. */
    EntityStage stage(String entity);
}
