package dev.crossfade.gate;

import dev.crossfade.check.RestoreProof;
import dev.crossfade.check.RestoreProof.Outcome;
import dev.crossfade.control.Databases;
import dev.crossfade.flags.Gate;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.Stage;
import java.util.Optional;

/** Requires a proof of the way back on existing rows before the modern side becomes authoritative. */
final class RestoreProven implements Gate {

    private static final String REQUIRED =
            "every legacy column that needs a value is restored, and project gives the same after restore as before";
    private static final int SHOWN = 3;

    private final RestoreProof proof;
    private final Mappings mappings;
    private final int rows;

    RestoreProven(Databases databases, Mappings mappings, int rows) {
        this.proof = new RestoreProof(databases);
        this.mappings = mappings;
        this.rows = rows;
    }

    @Override
    public String name() {
        return "restore proven";
    }

    @Override
    public Verdict check(Step step) {
        if (!step.isFromTo(Stage.MODERN_READ, Stage.MODERN_PRIMARY)) {
            return new NotConcerned();
        }
        Optional<TableMapping> mapping = mappings.find(step.entity());
        if (mapping.isEmpty()) {
            return Mappings.unknown(step.entity(), REQUIRED);
        }
        Outcome outcome = proof.prove(mapping.get(), rows);
        return outcome.isProven()
                ? new Open(seen(outcome) + ", mapping " + mapping.get().fingerprint(), REQUIRED)
                : new Closed(
                        Mappings.problems(outcome.findings(), SHOWN),
                        REQUIRED,
                        outcome.findings().getFirst().remedy());
    }

    private String seen(Outcome outcome) {
        return outcome.whole()
                ? "it does for all %s rows".formatted(outcome.rows())
                : "it does for the first and the last %s rows by key".formatted(rows);
    }
}
