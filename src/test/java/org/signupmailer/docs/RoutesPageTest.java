package org.signupmailer.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Operators believe routes/README.md; its tables and recipes are held to the routes and to Camel's reader. */
class RoutesPageTest {

    private static final Markdown PAGE = Markdown.read("routes/README.md");

    static Stream<String> recipes() {
        return PAGE.blocks("yaml").stream().filter(block -> !block.startsWith("mailer:"));
    }

    @Test
    void theTableOfRoutesHasEachRouteOfEachFile() throws Exception {
        Map<String, List<String>> documented = new TreeMap<>();
        for (List<String> row : PAGE.table("| file | route | does | safe to change |")) {
            documented.merge(
                    Markdown.codes(row.get(0)).get(0),
                    List.of(Markdown.codes(row.get(1)).get(0)),
                    RoutesPageTest::both);
        }
        assertThat(documented).isEqualTo(shippedRoutes());
    }

    @Test
    void readmesMapOfRoutesHasEachRouteOfEachFile() throws Exception {
        Map<String, List<String>> documented = new TreeMap<>();
        for (List<String> row : Markdown.read("README.md").table("| file | routes | safe to change |")) {
            documented.put(Markdown.codes(row.get(0)).get(0), Markdown.codes(row.get(1)));
        }
        assertThat(documented).isEqualTo(shippedRoutes());
    }

    @ParameterizedTest
    @MethodSource("recipes")
    void everyRecipeIsReadByCamel(String recipe) throws Exception {
        List<RouteDefinition> routes = load(recipe.startsWith("- ") ? recipe : inARoute(recipe));

        assertThat(routes)
                .isNotEmpty()
                .allSatisfy(route -> assertThat(route.getOutputs()).isNotEmpty().allSatisfy(step -> {
                    assertThat(step.getId()).isNotBlank();
                }));
    }

    @Test
    void stepsThatThePageNamesAreInTheRoutes() throws IOException {
        StringBuilder all = new StringBuilder();
        for (Path file : files()) {
            all.append(Files.readString(file));
        }
        assertThat(all).contains("id: to-first-relay", "id: write-dead-letter", "id: failover", "uri: relay:next");
    }

    private static String inARoute(String steps) {
        return "- route:\n    id: around\n    from:\n      uri: direct:around\n      steps:\n" + steps;
    }

    private static Map<String, List<String>> shippedRoutes() throws Exception {
        Map<String, List<String>> routes = new TreeMap<>();
        for (Path file : files()) {
            routes.put(
                    file.getFileName().toString(),
                    load(Files.readString(file)).stream()
                            .map(RouteDefinition::getRouteId)
                            .toList());
        }
        return routes;
    }

    private static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("routes"))) {
            return files.filter(file -> file.toString().endsWith(".camel.yaml"))
                    .sorted()
                    .toList();
        }
    }

    private static List<RouteDefinition> load(String yaml) throws Exception {
        DefaultCamelContext context = new DefaultCamelContext();
        try {
            PluginHelper.getRoutesLoader(context).loadRoutes(ResourceHelper.fromString("read.camel.yaml", yaml));
            return List.copyOf(context.getRouteDefinitions());
        } finally {
            context.close();
        }
    }

    private static List<String> both(List<String> some, List<String> more) {
        return Stream.concat(some.stream(), more.stream()).toList();
    }
}
