package org.signupmailer.route;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.builder.RouteConfigurationBuilder;
import org.apache.camel.model.Model;
import org.apache.camel.model.RouteConfigurationDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/** Makes Camel's definitions of the operators' files. */
final class RouteLoader {

    private RouteLoader() {}

    /**
     * Gives the context all routeConfigurations of the files in place of those that it has, and prepares the routes
     * with them. Running routes keep what they were built with.
     *
     * @return the routes by their ids, in the order of the files; not yet in the context
     * @throws Exception what Camel throws when it can't read a file
     */
    static Map<String, RouteDefinition> load(RouteFiles files, CamelContext camel) throws Exception {
        Model model = camel.getCamelContextExtension().getContextPlugin(Model.class);
        List<RouteBuilder> builders = new ArrayList<>();
        for (var file : files.contents().entrySet()) {
            builders.addAll(
                    read(ResourceHelper.fromBytes("file:" + files.path(file.getKey()), file.getValue()), camel));
        }
        for (RouteConfigurationDefinition earlier : List.copyOf(model.getRouteConfigurationDefinitions())) {
            model.removeRouteConfiguration(earlier);
        }
        for (RouteBuilder builder : builders) {
            if (builder instanceof RouteConfigurationBuilder configurations) {
                configurations.addRouteConfigurationsToCamelContext(camel);
            }
        }
        Map<String, RouteDefinition> routes = new LinkedHashMap<>();
        for (RouteBuilder builder : builders) {
            builder.prepareModel(camel);
            for (RouteDefinition route : builder.getRouteCollection().getRoutes()) {
                routes.put(String.valueOf(route.getRouteId()), route);
            }
        }
        return routes;
    }

    /** Reads a file and forgets it. */
    static void parse(Resource file, CamelContext camel) throws Exception {
        for (RouteBuilder builder : read(file, camel)) {
            builder.setCamelContext(camel);
            if (builder instanceof RouteConfigurationBuilder configurations) {
                configurations.configuration();
            }
            builder.configure();
        }
    }

    private static List<RouteBuilder> read(Resource file, CamelContext camel) throws Exception {
        List<RouteBuilder> builders = new ArrayList<>();
        for (RoutesBuilder builder : PluginHelper.getRoutesLoader(camel).findRoutesBuilders(file)) {
            if (builder instanceof RouteBuilder routes) {
                builders.add(routes);
            }
        }
        return builders;
    }
}
