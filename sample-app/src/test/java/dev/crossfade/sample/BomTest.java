package dev.crossfade.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

/** The bill of materials has no parent, so that nothing but this test holds it against the modules. */
class BomTest {

    private static final Path ROOT = Path.of("..");

    /** Modules that nobody depends on. */
    private static final Set<String> OWN = Set.of("sample-app", "benchmarks", "src/bom");

    private final XPath path = XPathFactory.newInstance().newXPath();

    @Test
    void itNamesEveryModuleInThisVersion() throws Exception {
        Document root = pom(ROOT);
        Document bom = pom(ROOT.resolve("src/bom"));
        Set<String> modules = new HashSet<>();
        for (String module : texts(root, "/project/modules/module")) {
            if (!OWN.contains(module)) {
                modules.addAll(texts(pom(ROOT.resolve(module)), "/project/artifactId"));
            }
        }

        assertThat(texts(bom, "/project/version")).isEqualTo(texts(root, "/project/version"));
        assertThat(texts(bom, "//dependencyManagement//dependency/artifactId"))
                .containsExactlyInAnyOrderElementsOf(modules);
        assertThat(texts(bom, "/project/parent")).isEmpty();
    }

    private static Document pom(Path folder) throws Exception {
        return DocumentBuilderFactory.newDefaultInstance()
                .newDocumentBuilder()
                .parse(folder.resolve("pom.xml").toFile());
    }

    private List<String> texts(Document pom, String expression) throws Exception {
        NodeList nodes = (NodeList) path.evaluate(expression, pom, XPathConstants.NODESET);
        return IntStream.range(0, nodes.getLength())
                .mapToObj(node -> nodes.item(node).getTextContent().strip())
                .toList();
    }
}
