/**
 * The API for a service: base classes of the repositories, the transaction, the settings. Uses {@code write}, {@code
 * read}, {@code transaction}, {@code lossy}, {@code guard}, {@code shadow}, {@code stages}, {@code queue}, {@code
 * statement}, {@code mapping}, {@code control}, {@code sql} and {@code model}.
 *
 * <p>Start at {@code DualWriteRepository}, which every generated repository extends, and {@code RepositoryPair}, its
 * counterpart for a hand-written pair. A key's way: the repository asks its {@code Session} where it runs, in a
 * transaction of its own ({@code Router}) or in the caller's ({@code RoutedTransaction}), and which stage its entity
 * has there. A write becomes a {@code RequestedWrite} and goes to {@code write.EntityWriter}; a read goes through
 * {@code read.Reads} to the {@code SideRepository} of one side, whose statements run in the same session. A sample of
 * the reads is handed to {@code shadow}. Through {@code AmbientTransactions} and {@code Participation} a framework's
 * transactions take part.
 *
 * <p>The law: this instance's reads know a write's intents before the write, or the commit of its transaction,
 * returns; and a stage is pinned from the first statement of a transaction to its end.
 *
 * <p>For services and operators: {@code AmbientTransactions}, {@code DualWriteRepository}, {@code EntityType},
 * {@code HandWritten}, {@code Participation}, {@code PlainRepository}, {@code Repository}, {@code RepositoryPair},
 * {@code Router}, {@code RoutingSettings}, {@code ShadowSettings}, {@code SideRepository}, {@code Transaction};
 * the other public types are public for Crossfade's own packages.
 */
@NullMarked
package dev.crossfade.routing;

import org.jspecify.annotations.NullMarked;
