package dev.crossfade.operate;

import dev.crossfade.connection.ConnectionCheck;
import dev.crossfade.connection.ConnectionPools;
import dev.crossfade.connection.Trouble;
import dev.crossfade.control.AuthorityTable;
import dev.crossfade.control.AuthorityTable.Standing;
import dev.crossfade.control.Contractions;
import dev.crossfade.control.Contractions.Contraction;
import dev.crossfade.control.ControlSchema;
import dev.crossfade.control.Databases;
import dev.crossfade.control.FormerEntities;
import dev.crossfade.flags.GateListener;
import dev.crossfade.flags.LostStages;
import dev.crossfade.flags.StageChanger;
import dev.crossfade.flags.StandingWatch;
import dev.crossfade.gate.Gates;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.mappingfile.MappingFile;
import dev.crossfade.model.CrossfadeException;
import dev.crossfade.model.InvalidInputException;
import dev.crossfade.model.Side;
import dev.crossfade.model.UnavailableException;
import dev.crossfade.operate.report.InstallReport;
import dev.crossfade.reconcile.ReconcileListener;
import dev.crossfade.settings.Settings;
import java.nio.file.Files;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jooq.DSLContext;

/**
 * Gives a command what it works with: the databases, the mappings, and the core wired for operators. The legacy
 * database must answer. Only commands that need the modern one ask for it, so an operator can still look and step back
 * while it is down. Not thread-safe.
 */
public final class OperatorSession implements AutoCloseable {

    private static final int INSTALLING = 2;

    private final Reach reach;
    private final Access access;
    private boolean installed;
    private Optional<EntityMappings> mappings = Optional.empty();

    /** The access that a command needs. */
    public enum Access {
        /** It reads only the mapping file and its tables; there need not be a control schema. */
        CHECK,
        /** It reads, and changes nothing. */
        LOOK,
        /** It changes something. It creates the control schema if there never was one. */
        CHANGE,
        /** It shows what the databases disagree about, so a disagreement is no reason to refuse. */
        COMPARE,
        /** As {@link #COMPARE}, and carries out an operator's decision. It recreates a control schema that was lost. */
        RECOVER
    }

    private OperatorSession(Reach reach, Access access) {
        this.reach = reach;
        this.access = access;
    }

    /**
     * Connects, brings the control schema up to date, and compares each database with what the other remembers of it.
     *
     * @throws UnavailableException if the legacy database cannot be used, or the control schema is lost
     * @throws NotInstalledException if there is no control schema, and the command changes nothing
     */
    public static OperatorSession open(Settings settings, String applicationName, int poolSize, Access access) {
        Reach reach = Reach.connect(settings, applicationName, poolSize);
        try {
            OperatorSession session = new OperatorSession(reach, access);
            session.prepare(reach.answering());
            return session;
        } catch (RuntimeException e) {
            reach.close();
            throw e;
        }
    }

    /** Returns a line for each database behind a pooler in transaction mode. */
    public List<String> poolers() {
        return reach.poolers();
    }

    /**
     * Makes sure that no pooler shares the server's sessions.
     *
     * @param command the command that holds a lock from one transaction to the next
     * @throws dev.crossfade.model.RefusedException if a pooler in transaction mode is in between
     */
    public void requireOwnSessions(String command) {
        reach.requireOwnSessions(command);
    }

    /** Creates the control schema, or brings it up to date; tells whether it was created. */
    public static InstallReport install(Settings settings) {
        new ConnectionCheck(Side.LEGACY, settings.legacy()).run("crossfade install");
        settings.modern().ifPresent(database -> new ConnectionCheck(Side.MODERN, database).run("crossfade install"));
        try (ConnectionPools pools = new ConnectionPools(settings, "crossfade install", INSTALLING)) {
            return new InstallReport(ControlSchema.install(pools.databases()));
        } catch (UnavailableException e) {
            throw new UnavailableException(
                    "Crossfade's own schema cannot be prepared in %s. %s"
                            .formatted(Trouble.where(settings), e.getMessage()),
                    e.getCause());
        }
    }

    private void prepare(Databases reachable) {
        try {
            if (access == Access.RECOVER) {
                ControlSchema.installAgain(databases());
            } else if (!ControlSchema.upgrade(reachable)) {
                if (access == Access.CHECK) {
                    return;
                }
                makeSchema();
            }
            installed = true;
            StandingWatch watch = new StandingWatch(reachable);
            if (access == Access.RECOVER || access == Access.COMPARE || access == Access.CHECK) {
                watch.lookQuietly(Map.of());
            } else {
                watch.look(Map.of());
            }
        } catch (NotInstalledException e) {
            throw e;
        } catch (UnavailableException e) {
            throw new UnavailableException(
                    "Crossfade's own schema cannot be used in %s. %s"
                            .formatted(Trouble.where(settings()), e.getMessage()),
                    e.getCause());
        }
    }

    /**
     * Creates the schema where nothing says that there was one; otherwise {@code crossfade install} has to decide. The
     * modern database must answer, because it knows whether there was one.
     */
    private void makeSchema() {
        if (access != Access.CHANGE) {
            throw new NotInstalledException(settings());
        }
        Databases reachable = databases();
        if (hasMappingFile()) {
            // Tables that do not exist yet cannot hold a copy.
            MappingFile.inspect(settings().mapping(), reachable)
                    .mappings()
                    .forEach(mapping -> LostStages.requireNothingCopied(reachable, mapping));
        }
        ControlSchema.install(reachable);
    }

    /**
     * Returns the databases of both sides.
     *
     * @throws UnavailableException if the modern one cannot be used
     */
    public Databases databases() {
        return reach.databases();
    }

    /** Returns the databases of both sides, whether or not the modern one can be used. */
    public Databases databasesAsTheyAre() {
        return reach.pools().databases();
    }

    /** Returns why the modern database cannot be used, empty if it can. */
    public Optional<UnavailableException> modernTrouble() {
        return reach.modernTrouble();
    }

    /** Returns the version of a side's server, empty if it is not known. */
    public Optional<String> version(Side side) {
        return reach.version(side);
    }

    public Settings settings() {
        return reach.settings();
    }

    public DSLContext control() {
        return reach.pools().databases().controlDsl();
    }

    /** Returns the stage of every known entity, by name. */
    public Map<String, Standing> standings() {
        return AuthorityTable.all(control());
    }

    /**
     * Returns the usable entities of the mapping file, parents first, without those that are {@link #leftOut}. A
     * command that changes something registers new ones at their first stage.
     *
     * @throws InvalidInputException if the file is missing or wrong as a whole
     */
    public List<TableMapping> mappings() {
        return known().usable();
    }

    /** Returns a line for each entity that cannot be used, as far as the mapping file has been read. */
    public List<String> leftOut() {
        return mappings.map(EntityMappings::leftOutLines).orElse(List.of());
    }

    /** As {@link #leftOut()}, for some entities. */
    public List<String> leftOut(List<String> entities) {
        return mappings.map(read -> read.of(Set.copyOf(entities)).leftOutLines())
                .orElse(List.of());
    }

    /** Returns the warnings about the mappings of some entities, one line each, as far as the file has been read. */
    public List<String> warnings(List<String> entities) {
        return mappings.map(read -> read.of(Set.copyOf(entities)).shortWarningLines())
                .orElse(List.of());
    }

    /** Returns the entities of the mapping file, usable or not. */
    public EntityMappings known() {
        if (mappings.isEmpty()) {
            EntityMappings read = readMappings();
            mappings = Optional.of(
                    access == Access.CHANGE
                            ? read.register(reach.pools().databases())
                            : read.require(reach.pools().databases()));
        }
        return mappings.get();
    }

    /**
     * Returns the usable entities of the whole mapping file.
     *
     * @throws CrossfadeException if none of its entities can be used; the message says why
     */
    public EntityMappings all() {
        known().requireAny();
        return known();
    }

    /**
     * Returns an entity's mapping without registering it: its record may have been lost, and must not be recreated.
     *
     * @throws InvalidInputException if it is not in the mapping file; the message lists those that are
     * @throws dev.crossfade.control.ContractedException if it is contracted
     * @throws UnavailableException if the modern database cannot be used
     */
    public TableMapping mappingAsDeclared(String entity) {
        return wanted(readMappings(), Set.of(entity)).only();
    }

    private EntityMappings readMappings() {
        return EntityMappings.read(settings().mapping(), databases(), contractions());
    }

    /** Returns the contracted entities, by name; none where there is no control schema yet. */
    public Map<String, Contraction> contractions() {
        return installed ? Contractions.all(control()) : Map.of();
    }

    /** Tells whether there is a mapping file. */
    public boolean hasMappingFile() {
        return Files.isRegularFile(settings().mapping());
    }

    /**
     * Returns the usable ones of some entities.
     *
     * @throws InvalidInputException if one is not in the mapping file; the message lists those that are
     * @throws CrossfadeException if none of them can be used; the message says why
     */
    public EntityMappings mappings(List<String> entities) {
        EntityMappings found = wanted(known(), new LinkedHashSet<>(entities));
        found.usable()
                .forEach(mapping -> AuthorityTable.requireMapping(control(), mapping.entity(), mapping.fingerprint()));
        return found;
    }

    private EntityMappings wanted(EntityMappings all, Set<String> entities) {
        requireAll(entities, all.names());
        EntityMappings found = all.of(entities);
        found.requireAny();
        return found;
    }

    /**
     * Makes sure that entities are known, reading the mapping file if necessary.
     *
     * @throws InvalidInputException if one is not known; the message lists those that are
     */
    public void requireKnown(List<String> entities) {
        if (!standings().keySet().containsAll(entities) && hasMappingFile()) {
            Set<String> unknown = new LinkedHashSet<>(entities);
            unknown.removeAll(standings().keySet());
            known().of(unknown).leftOut().values().stream().findFirst().ifPresent(reason -> {
                throw reason;
            });
        }
        requireAll(new LinkedHashSet<>(entities), standings().keySet());
        entities.forEach(entity -> FormerEntities.requireSettled(control(), entity));
    }

    private void requireAll(Set<String> wanted, Set<String> known) {
        Set<String> unknown = new LinkedHashSet<>(wanted);
        unknown.removeAll(known);
        if (!unknown.isEmpty()) {
            throw new InvalidInputException("There is no entity %s. %s"
                    .formatted(
                            unknown.stream().map("'%s'"::formatted).collect(Collectors.joining(", ")),
                            known.isEmpty()
                                    ? "None is known yet: write %s, or start a service."
                                            .formatted(settings().mapping())
                                    : "The entities are: %s.".formatted(String.join(", ", new TreeSet<>(known)))));
        }
    }

    /**
     * Returns what moves entities between stages. It reads the mapping file only for steps forward and where the
     * authority changes sides.
     */
    public StageChanger stageChanger() {
        Databases databases = reach.pools().databases();
        return StageChanger.of(
                databases,
                Gates.all(databases, settings().gates(), () -> known().declared()),
                this::mappings,
                ReconcileListener.NONE,
                GateListener.NONE);
    }

    /** Closes the connections. */
    @Override
    public void close() {
        reach.close();
    }
}
