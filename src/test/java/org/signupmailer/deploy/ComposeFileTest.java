package org.signupmailer.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.signupmailer.kafka.KafkaSettings;
import org.signupmailer.relay.ProviderPresets;
import org.signupmailer.relay.Relay;
import org.signupmailer.relay.RelaySettings;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

/** docker-compose.yml, held to the project, since it can't be run without an engine. */
class ComposeFileTest {

    private static final Pattern PINNED = Pattern.compile("[a-z./-]+:v?\\d+\\.\\d+\\.\\d+");
    private static final Pattern PORT = Pattern.compile("127\\.0\\.0\\.1:\\$\\{([A-Z_]+):-(\\d+)}:(\\d+)");
    private static final Pattern ENTRY = Pattern.compile("(?m)^([A-Z0-9_]+)=(.*)$");
    private static final Set<String> WITH_A_HEALTH_CHECK_IN_THE_IMAGE =
            Set.of("mailer", "relay-primary", "relay-secondary");

    private final JsonNode file = Project.yaml("docker-compose.yml");
    private final JsonNode services = file.path("services");

    @Test
    void dockerComposeTakesTheFile() {
        Tool.require("docker-compose", "docker-compose");

        Tool.run("docker-compose", "-f", "docker-compose.yml", "config", "-q").succeeds();
    }

    @Test
    void upStartsEverythingButTheTools() {
        assertThat(names(services))
                .containsExactlyInAnyOrder(
                        "mailer",
                        "login",
                        "tools",
                        "kafka",
                        "relay-primary",
                        "relay-secondary",
                        "prometheus",
                        "grafana");
        assertThat(services.properties())
                .filteredOn(service -> service.getValue().has("profiles"))
                .extracting(Map.Entry::getKey)
                .containsExactly("tools");
    }

    @Test
    void everyImageHasAVersion() {
        assertThat(services).allSatisfy(service -> {
            String image = service.path("image").asText();
            assertThat(image).matches(PINNED);
            if (image.startsWith("signup-mailer:")) {
                assertThat(service.path("build").asText()).isEqualTo(".");
                assertThat(Project.text("pom.xml"))
                        .contains("<version>" + image.substring("signup-mailer:".length()) + "-SNAPSHOT</version>");
            }
        });
    }

    @Test
    void everyContainerIsLockedUp() {
        services.properties().forEach(entry -> {
            JsonNode service = entry.getValue();
            assertThat(service.path("user").asText()).as(entry.getKey()).matches("[1-9]\\d*:\\d+");
            assertThat(service.path("read_only").asBoolean()).as(entry.getKey()).isTrue();
            assertThat(Project.texts(service.path("cap_drop")))
                    .as(entry.getKey())
                    .containsExactly("ALL");
            assertThat(Project.texts(service.path("security_opt")))
                    .as(entry.getKey())
                    .containsExactly("no-new-privileges:true");
            if (service.path("network_mode").asText().equals("none")) {
                return;
            }
            assertThat(service.path("mem_limit").asText()).as(entry.getKey()).matches("\\d+m");
            assertThat(Project.texts(service.path("tmpfs")))
                    .as(entry.getKey())
                    .anyMatch(one -> one.startsWith("/tmp:"));
        });
    }

    @Test
    void whatUnpacksLibrariesInTmpMayLoadThem() {
        for (String name : List.of("mailer", "tools", "kafka")) {
            assertThat(Project.texts(services.path(name).path("tmpfs")))
                    .as(name)
                    .contains("/tmp:exec,mode=1777");
        }
    }

    @Test
    void everyMountedPathIsInTheProjectAndEveryVolumeIsDeclared() {
        Set<String> used = new TreeSet<>();
        for (JsonNode service : services) {
            for (String mount : Project.texts(service.path("volumes"))) {
                String source = mount.substring(0, mount.indexOf(':'));
                if (source.startsWith("./")) {
                    assertThat(Path.of(source)).exists();
                } else {
                    used.add(source);
                }
            }
        }
        assertThat(used).isEqualTo(new TreeSet<>(names(file.path("volumes"))));
    }

    @Test
    void portsArePublishedForThisMachineOnly() {
        Map<String, String> published = new LinkedHashMap<>();
        services.properties().forEach(entry -> {
            for (String port : Project.texts(entry.getValue().path("ports"))) {
                Matcher matcher = PORT.matcher(port);
                assertThat(matcher.matches()).as(port).isTrue();
                published.put(entry.getKey(), matcher.group(2) + " to " + matcher.group(3));
            }
        });
        String management = Project.defaultOf("MANAGEMENT_PORT");
        String kafka = Project.defaultOf("KAFKA_BROKERS").replaceFirst(".*:", "");
        assertThat(published)
                .containsEntry("mailer", management + " to " + management)
                .containsEntry("kafka", kafka + " to " + kafka)
                .containsEntry("relay-primary", "8025 to 8025")
                .containsEntry("relay-secondary", "8026 to 8025")
                .containsEntry("prometheus", "9090 to 9090")
                .containsEntry("grafana", "3000 to 3000")
                .hasSize(6);
    }

    @Test
    void theSettingsAreThoseOfTheProjectAndLeadToTheContainers() {
        Map<String, Object> settings = mailerSettings();
        assertThat(Project.settings()).containsAll(settings.keySet());
        assertThat(names(services.path("mailer").path("environment")))
                .isSubsetOf(union(Project.settings(), "SPRING_CONFIG_IMPORT"));

        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(new MapPropertySource("mailer.env", settings));
        List<String> warnings = new ArrayList<>();
        List<Relay> relays = RelaySettings.read(environment, ProviderPresets.load(), warnings::add);
        assertThat(relays)
                .extracting(Relay::toString)
                .containsExactly("primary (relay-primary:1025)", "secondary (relay-secondary:1025)");
        assertThat(relays).extracting(Relay::host).isSubsetOf(names(services));

        assertThat(services.path("kafka")
                        .path("environment")
                        .path("KAFKA_ADVERTISED_LISTENERS")
                        .asText())
                .contains("://" + KafkaSettings.read(environment).brokers() + ",");
    }

    @Test
    void theToolsSeeTheSettingsOfTheApplication() {
        assertThat(services.path("tools").path("env_file"))
                .isEqualTo(services.path("mailer").path("env_file"));
        assertThat(services.path("mailer").path("env_file").asText()).endsWith(":-deploy/compose/mailer.env}");
    }

    @Test
    void waitsForHealthOnlyWhereHealthIsChecked() {
        for (JsonNode service : services) {
            service.path("depends_on").properties().forEach(dependency -> {
                JsonNode other = services.path(dependency.getKey());
                assertThat(other.isObject()).as(dependency.getKey()).isTrue();
                if (dependency.getValue().path("condition").asText().equals("service_healthy")) {
                    assertThat(other.path("healthcheck").has("test")
                                    || WITH_A_HEALTH_CHECK_IN_THE_IMAGE.contains(dependency.getKey()))
                            .as(dependency.getKey())
                            .isTrue();
                }
            });
        }
    }

    @Test
    void theMailsInFlightMayEndBeforeItIsKilled() {
        Duration grace = Duration.parse(
                "PT" + services.path("mailer").path("stop_grace_period").asText());
        int mails = Project.yaml("src/main/resources/application.yaml")
                .at("/camel/main/shutdown-timeout")
                .asInt();

        assertThat(grace).isGreaterThanOrEqualTo(Duration.ofSeconds(mails + 10L));
    }

    @Test
    void noPasswordIsWritten() {
        for (JsonNode service : services) {
            service.path("environment").properties().stream()
                    .filter(variable -> variable.getKey().contains("PASS"))
                    .forEach(variable -> assertThat(variable.getValue().asText())
                            .as(variable.getKey())
                            .matches("\\$\\{[A-Z_]+:-}|/run/login/MANAGEMENT_PASSWORD"));
        }
        assertThat(mailerSettings().keySet()).noneMatch(key -> key.contains("PASS"));
    }

    @Test
    void theDrawnPasswordReachesTheApplicationPrometheusAndGrafana() {
        String folder = "/run/login";
        assertThat(Project.text("Dockerfile")).contains("mkdir logs " + folder);
        assertThat(Project.text("deploy/docker/login")).contains(":-" + folder + "/MANAGEMENT_PASSWORD}");
        for (String name : List.of("mailer", "prometheus", "grafana")) {
            assertThat(Project.texts(services.path(name).path("volumes")))
                    .as(name)
                    .contains("login:" + folder + ":ro");
            assertThat(services.path(name)
                            .path("depends_on")
                            .path("login")
                            .path("condition")
                            .asText())
                    .as(name)
                    .isEqualTo("service_completed_successfully");
        }
        assertThat(services.path("mailer")
                        .path("environment")
                        .path("SPRING_CONFIG_IMPORT")
                        .asText())
                .isEqualTo("optional:configtree:" + folder + "/");
        assertThat(scrape().path("basic_auth").path("password_file").asText())
                .isEqualTo(folder + "/MANAGEMENT_PASSWORD");
        // The files are readable for the group of the user who wrote them.
        String group = services.path("login").path("user").asText().replaceFirst(".*:", "");
        assertThat(Project.texts(services.path("prometheus").path("group_add"))).containsExactly(group);
        assertThat(Project.texts(services.path("grafana").path("group_add"))).containsExactly(group);
    }

    @Test
    void prometheusAsksTheApplicationWithItsLogin() {
        JsonNode environment = services.path("mailer").path("environment");

        assertThat(Project.texts(scrape().at("/static_configs/0/targets")))
                .containsExactly("mailer:" + environment.path("MANAGEMENT_PORT").asText());
        assertThat(scrape().at("/basic_auth/username").asText())
                .isEqualTo(environment.path("MANAGEMENT_USER").asText());
        assertThat(environment.path("MANAGEMENT_ADDRESS").asText()).isEqualTo("0.0.0.0");
        assertThat(Project.texts(services.path("prometheus").path("volumes")))
                .contains("./deploy/prometheus:/etc/prometheus:ro");
        for (String rules :
                Project.texts(Project.yaml("deploy/prometheus/prometheus.yml").path("rule_files"))) {
            assertThat(Path.of("deploy/prometheus", rules)).exists();
        }
    }

    @Test
    void grafanaFindsItsDataAndItsDashboards() {
        JsonNode source = Project.yaml("deploy/grafana/provisioning/datasources/prometheus.yml")
                .at("/datasources/0");
        assertThat(source.path("url").asText()).isEqualTo("http://prometheus:9090");

        String folder = Project.yaml("deploy/grafana/provisioning/dashboards/signup-mailer.yml")
                .at("/providers/0/options/path")
                .asText();
        assertThat(Project.texts(services.path("grafana").path("volumes")))
                .contains("./deploy/grafana/dashboards:" + folder + ":ro");
        String home = services.path("grafana")
                .path("environment")
                .path("GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH")
                .asText();
        assertThat(home).startsWith(folder + "/");
        assertThat(Files.exists(Path.of("deploy/grafana/dashboards" + home.substring(folder.length()))))
                .isTrue();
    }

    private static JsonNode scrape() {
        return Project.yaml("deploy/prometheus/prometheus.yml").at("/scrape_configs/0");
    }

    private static Map<String, Object> mailerSettings() {
        return ENTRY.matcher(Project.text("deploy/compose/mailer.env"))
                .results()
                .collect(Collectors.toMap(match -> match.group(1), match -> match.group(2)));
    }

    private static List<String> names(JsonNode object) {
        return object.properties().stream().map(Map.Entry::getKey).toList();
    }

    private static Set<String> union(Set<String> some, String more) {
        Set<String> all = new TreeSet<>(some);
        all.add(more);
        return all;
    }
}
