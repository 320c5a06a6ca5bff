package org.signupmailer.testing.smtp;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How a {@link ScriptedSmtpServer} is set up; begin with {@link ScriptedSmtpServer#with()}, end with {@link #start()}. */
public final class Options {

    private int port;
    private TlsMode tls = TlsMode.NONE;
    private TestCertificates.Kind certificate = TestCertificates.Kind.VALID;
    private List<String> capabilities =
            List.of("PIPELINING", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES", "SIZE 10485760");
    private final Map<String, String> users = new LinkedHashMap<>();
    private boolean authRequired;
    private boolean keepMails = true;
    private Duration idleTimeout = Duration.ZERO;

    Options() {}

    /** The port on 127.0.0.1; default 0, any free one. */
    public Options port(int number) {
        port = number;
        return this;
    }

    /** Default {@link TlsMode#NONE}. */
    public Options tls(TlsMode mode) {
        tls = mode;
        return this;
    }

    /** Default {@link TestCertificates.Kind#VALID}; without meaning in {@link TlsMode#NONE}. */
    public Options certificate(TestCertificates.Kind kind) {
        certificate = kind;
        return this;
    }

    /** Offers AUTH PLAIN and LOGIN and lets this user in; others are refused with 535 5.7.8. May be repeated. */
    public Options user(String name, String password) {
        users.put(name, password);
        return this;
    }

    /** Refuses MAIL with 530 5.7.0 until a user has logged in. */
    public Options requireAuth() {
        authRequired = true;
        return this;
    }

    /**
     * The EHLO keywords in place of PIPELINING, 8BITMIME, SMTPUTF8, ENHANCEDSTATUSCODES and SIZE 10485760. STARTTLS and
     * AUTH come from {@link #tls} and {@link #user} and are not named here.
     */
    public Options capabilities(String... keywords) {
        capabilities = List.of(keywords);
        return this;
    }

    /** The same keywords but this one. */
    public Options withoutCapability(String keyword) {
        List<String> rest = new ArrayList<>(capabilities);
        if (!rest.removeIf(one -> keywordOf(one).equalsIgnoreCase(keyword))) {
            throw new IllegalArgumentException("\"" + keyword + "\" is not among the EHLO keywords " + capabilities);
        }
        capabilities = List.copyOf(rest);
        return this;
    }

    /** With false the mails are counted and their X-Event-Id kept, but not their bytes; for load tests. Default true. */
    public Options keepMails(boolean keep) {
        keepMails = keep;
        return this;
    }

    /** Closes with 421 4.4.2 a connection on which nothing comes for so long; default never. */
    public Options idleTimeout(Duration limit) {
        idleTimeout = limit;
        return this;
    }

    /** Starts the server; it listens when this returns. */
    public ScriptedSmtpServer start() {
        if (authRequired && users.isEmpty()) {
            throw new IllegalArgumentException("requireAuth() without a user lets nobody in; add user(name, password)");
        }
        return new ScriptedSmtpServer(this);
    }

    int port() {
        return port;
    }

    TlsMode tls() {
        return tls;
    }

    TestCertificates.Kind certificate() {
        return certificate;
    }

    Map<String, String> users() {
        return users;
    }

    boolean authRequired() {
        return authRequired;
    }

    boolean keepMails() {
        return keepMails;
    }

    Duration idleTimeout() {
        return idleTimeout;
    }

    List<String> capabilities() {
        return capabilities;
    }

    boolean offers(String keyword) {
        return capabilities.stream().anyMatch(one -> keywordOf(one).equals(keyword));
    }

    /** From SIZE (RFC 1870); no limit without it. */
    long sizeLimit() {
        for (String one : capabilities) {
            if (keywordOf(one).equals("SIZE") && one.length() > 5) {
                long limit = Long.parseLong(one.substring(5).strip());
                return limit == 0 ? Long.MAX_VALUE : limit;
            }
        }
        return Long.MAX_VALUE;
    }

    private static String keywordOf(String capability) {
        int space = capability.indexOf(' ');
        return (space < 0 ? capability : capability.substring(0, space)).toUpperCase(Locale.ROOT);
    }
}
