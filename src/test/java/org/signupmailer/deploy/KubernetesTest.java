package org.signupmailer.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The manifests fit together, and with the image. */
class KubernetesTest {

    private static final Pattern PORT = Pattern.compile("\\{port: (\\d+),");

    /** Some services take mails there, too; to open them would be to open everything. */
    private static final Set<String> OF_THE_WEB = Set.of("80", "443");

    private static final String NAME = "signup-mailer";

    private final List<JsonNode> manifests = Project.files("deploy/kubernetes").stream()
            .map(Path::toString)
            .filter(file -> file.endsWith(".yaml"))
            .flatMap(file -> Project.documents(file).stream())
            .toList();
    private final JsonNode pod = manifest("Deployment").at("/spec/template/spec");
    private final JsonNode container = pod.at("/containers/0");

    @Test
    void everyManifestIsOfAKindThatIsMeant() {
        assertThat(manifests)
                .extracting(manifest -> manifest.path("apiVersion").asText() + " "
                        + manifest.path("kind").asText())
                .containsExactlyInAnyOrder(
                        "apps/v1 Deployment",
                        "policy/v1 PodDisruptionBudget",
                        "v1 ConfigMap",
                        "v1 Secret",
                        "v1 Service",
                        "networking.k8s.io/v1 NetworkPolicy",
                        "monitoring.coreos.com/v1 PodMonitor");
        assertThat(manifests).allSatisfy(manifest -> assertThat(label(manifest.path("metadata"), "labels"))
                .isEqualTo(NAME));
    }

    @Test
    void everySelectorFindsThePods() {
        assertThat(label(manifest("Deployment").at("/spec/template/metadata"), "labels"))
                .isEqualTo(NAME);
        assertThat(label(manifest("Deployment").at("/spec/selector"), "matchLabels"))
                .isEqualTo(NAME);
        assertThat(label(manifest("PodDisruptionBudget").at("/spec/selector"), "matchLabels"))
                .isEqualTo(NAME);
        assertThat(label(manifest("Service").path("spec"), "selector")).isEqualTo(NAME);
        assertThat(label(manifest("NetworkPolicy").at("/spec/podSelector"), "matchLabels"))
                .isEqualTo(NAME);
        assertThat(label(manifest("PodMonitor").at("/spec/selector"), "matchLabels"))
                .isEqualTo(NAME);
    }

    @Test
    void runsTheImageAsItWasBuilt() {
        String user = Project.text("Dockerfile").replaceAll("(?s).*\nUSER (\\d+):.*", "$1");

        assertThat(container.path("image").asText())
                .isEqualTo(Project.yaml("docker-compose.yml")
                        .at("/services/mailer/image")
                        .asText());
        assertThat(pod.at("/securityContext/runAsUser").asText()).isEqualTo(user);
        assertThat(pod.at("/securityContext/fsGroup").asText()).isEqualTo(user);
        assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
        assertThat(container.at("/securityContext/readOnlyRootFilesystem").asBoolean())
                .isTrue();
        assertThat(container.at("/securityContext/allowPrivilegeEscalation").asBoolean(true))
                .isFalse();
        assertThat(Project.texts(container.at("/securityContext/capabilities/drop")))
                .containsExactly("ALL");
    }

    @Test
    void whatItWritesAndReadsIsMountedWhereItLooks() {
        Map<String, String> mounts = Project.each(container.path("volumeMounts"))
                .collect(Collectors.toMap(mount -> mount.path("mountPath").asText(), mount -> mount.path("name")
                        .asText()));

        assertThat(mounts)
                .containsOnlyKeys(
                        "/app/" + Project.defaultOf("MAILER_ROUTES_DIR"),
                        "/app/"
                                + Path.of(Project.defaultOf("MAILER_DEAD_LETTER_FILE"))
                                        .getParent(),
                        "/run/secrets",
                        "/tmp");
        assertThat(Project.text("src/main/resources/application.yaml")).contains("configtree:/run/secrets/");
        assertThat(Project.each(pod.path("volumes"))
                        .map(volume -> volume.path("name").asText()))
                .containsExactlyInAnyOrderElementsOf(mounts.values());
        assertThat(container.path("volumeMounts"))
                .allSatisfy(mount -> assertThat(mount.has("subPath")).isFalse());
    }

    @Test
    void settingsAndSecretsAreThoseOfTheProjectAndHoldNoPassword() {
        JsonNode settings = manifest("ConfigMap").path("data");
        JsonNode secrets = manifest("Secret").path("stringData");

        assertThat(Project.settings()).containsAll(names(settings)).containsAll(names(secrets));
        assertThat(names(settings)).noneMatch(name -> name.contains("PASS"));
        secrets.properties().stream()
                .filter(secret -> secret.getKey().contains("PASS"))
                .forEach(secret -> assertThat(secret.getValue().asText())
                        .as(secret.getKey())
                        .isEmpty());
        assertThat(container.at("/envFrom/0/configMapRef/name").asText())
                .isEqualTo(manifest("ConfigMap").at("/metadata/name").asText());
        assertThat(pod.findValue("secret").path("secretName").asText())
                .isEqualTo(manifest("Secret").at("/metadata/name").asText());
        JsonNode login = manifest("PodMonitor").at("/spec/podMetricsEndpoints/0/basicAuth");
        for (JsonNode key : login) {
            assertThat(key.path("name").asText())
                    .isEqualTo(manifest("Secret").at("/metadata/name").asText());
            assertThat(names(secrets)).contains(key.path("key").asText());
        }
    }

    @Test
    void othersNamesCannotBecomeSettings() {
        assertThat(pod.path("enableServiceLinks").asBoolean(true)).isFalse();
        assertThat(pod.path("automountServiceAccountToken").asBoolean(true)).isFalse();
    }

    @Test
    void theMailsInFlightMayEndBeforeItIsKilled() {
        int mails = Project.yaml("src/main/resources/application.yaml")
                .at("/camel/main/shutdown-timeout")
                .asInt();

        assertThat(pod.path("terminationGracePeriodSeconds").asInt()).isGreaterThanOrEqualTo(mails + 10);
    }

    @Test
    void thePortIsTheSameEverywhere() {
        String port = Project.defaultOf("MANAGEMENT_PORT");

        assertThat(container.at("/ports/0/containerPort").asText()).isEqualTo(port);
        String name = container.at("/ports/0/name").asText();
        assertThat(manifest("Service").at("/spec/ports/0/targetPort").asText()).isEqualTo(name);
        assertThat(manifest("PodMonitor").at("/spec/podMetricsEndpoints/0/port").asText())
                .isEqualTo(name);
        for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
            assertThat(container.path(probe).at("/httpGet/port").asText()).isEqualTo(name);
        }
        assertThat(manifest("NetworkPolicy").at("/spec/ingress/0/ports/0/port").asText())
                .isEqualTo(port);
        assertThat(manifest("PodMonitor").at("/spec/podMetricsEndpoints/0/path").asText())
                .isEqualTo(Project.yaml("deploy/prometheus/prometheus.yml")
                        .at("/scrape_configs/0/metrics_path")
                        .asText());
    }

    @Test
    void everyMailServiceThatIsKnownCanBeReached() {
        Set<String> open = new TreeSet<>();
        manifest("NetworkPolicy").path("spec").path("egress").forEach(rule -> rule.path("ports")
                .forEach(port -> open.add(port.path("port").asText())));

        Set<String> used = PORT.matcher(Project.text("src/main/resources/relay/provider-presets.yaml"))
                .results()
                .map(match -> match.group(1))
                .filter(port -> !OF_THE_WEB.contains(port))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(used).isNotEmpty();
        assertThat(open).containsAll(used);
    }

    private JsonNode manifest(String kind) {
        return manifests.stream()
                .filter(manifest -> manifest.path("kind").asText().equals(kind))
                .findFirst()
                .orElseThrow();
    }

    private static String label(JsonNode node, String field) {
        return node.path(field).path("app.kubernetes.io/name").asText();
    }

    private static List<String> names(JsonNode object) {
        return object.properties().stream().map(Map.Entry::getKey).toList();
    }
}
