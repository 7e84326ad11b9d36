package dev.crossfade.spring.autoconfigure;

import dev.crossfade.Crossfade;
import dev.crossfade.control.AuthorityTable;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.InvalidInputException;
import dev.crossfade.model.Side;
import dev.crossfade.routing.DualWriteRepository;
import dev.crossfade.sql.Spelling;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Reports names in {@code crossfade.transaction-entities} that are not an entity of this service, once all repository
 * beans exist. Without this check every transaction would fail instead.
 */
final class TransactionEntityNames implements SmartInitializingSingleton {

    private static final Logger LOG = LoggerFactory.getLogger(TransactionEntityNames.class);
    private static final String SETTING = "crossfade.transaction-entities";

    private final Crossfade crossfade;
    private final List<String> names;
    private final ConfigurableListableBeanFactory beans;

    TransactionEntityNames(Crossfade crossfade, List<String> names, ConfigurableListableBeanFactory beans) {
        this.crossfade = crossfade;
        this.names = names;
        this.beans = beans;
    }

    /**
     * Checks the names.
     *
     * @throws InvalidInputException if one is not known to the fleet either, and no repository is still to be created
     */
    @Override
    public void afterSingletonsInstantiated() {
        Set<String> served = new TreeSet<>();
        crossfade.mappings().stream().map(TableMapping::entity).forEach(served::add);
        List<String> unserved =
                names.stream().filter(name -> !served.contains(name)).distinct().toList();
        if (unserved.isEmpty()) {
            return;
        }
        Set<String> known = new TreeSet<>(
                AuthorityTable.all(crossfade.routing().dsl(Side.LEGACY)).keySet());
        known.addAll(served);
        boolean mayCome = hasRepositoryToBeMade();
        List<String> refused = new ArrayList<>();
        for (String name : unserved) {
            String finding = "%s names '%s', and %s. %s"
                    .formatted(
                            SETTING,
                            name,
                            known.contains(name)
                                    ? "no repository of it has been made in this service yet"
                                    : "there is no such entity",
                            Spelling.remedy(name, known, "The entities are: %s.".formatted(String.join(", ", known))));
            if (known.contains(name) || mayCome) {
                LOG.warn("{} Until its repository is made, transactions of crossfadeTransactionManager fail.", finding);
            } else {
                refused.add(finding);
            }
        }
        if (!refused.isEmpty()) {
            throw new InvalidInputException(String.join(" ", refused));
        }
    }

    private boolean hasRepositoryToBeMade() {
        return Arrays.stream(beans.getBeanNamesForType(DualWriteRepository.class, true, false))
                .anyMatch(name -> !beans.containsSingleton(name));
    }
}
