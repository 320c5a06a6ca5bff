package org.signupmailer.testing.smtp;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * A certificate authority that exists only in this JVM, and the certificates it gives the test servers. Keys are made
 * with the JDK's own keytool when first needed (about a second) and live in a temporary folder that is deleted at exit.
 */
public final class TestCertificates {

    /** What is right or wrong with a server's certificate. */
    public enum Kind {
        /** For localhost and 127.0.0.1, from the authority. */
        VALID(true, "-1d", "365", "dns:localhost,ip:127.0.0.1"),
        /** As {@link #VALID}, but over since five days. */
        EXPIRED(true, "-10d", "5", "dns:localhost,ip:127.0.0.1"),
        /** From the authority, but for {@code smtp.elsewhere.test}. */
        WRONG_HOST(true, "-1d", "365", "dns:smtp.elsewhere.test"),
        /** For localhost and 127.0.0.1, but signed by itself. */
        SELF_SIGNED(false, "-1d", "365", "dns:localhost,ip:127.0.0.1");

        private final boolean fromAuthority;
        private final String start;
        private final String days;
        private final String names;

        Kind(boolean fromAuthority, String start, String days, String names) {
            this.fromAuthority = fromAuthority;
            this.start = start;
            this.days = days;
            this.names = names;
        }

        List<String> keytoolOptions() {
            List<String> options =
                    new ArrayList<>(List.of("-startdate", start, "-validity", days, "-ext", "san=" + names));
            if (fromAuthority) {
                options.addAll(List.of("-signer", "ca"));
            }
            return options;
        }
    }

    private static final String PASSWORD = "changeit";
    private static final Map<Kind, SSLContext> SERVER_CONTEXTS = new EnumMap<>(Kind.class);
    private static @Nullable Path folder;

    private TestCertificates() {}

    /** The PKCS12 file that holds nothing but the authority's certificate: what a client under test must trust. */
    public static synchronized Path trustStore() {
        return folder().resolve("trust.p12");
    }

    /** The password of {@link #trustStore()}. */
    public static String trustStorePassword() {
        return PASSWORD;
    }

    /** The authority's certificate as a PEM file. */
    public static synchronized Path authorityPem() {
        return folder().resolve("ca.pem");
    }

    /** The content of {@link #trustStore()}. */
    public static KeyStore loadTrustStore() {
        try {
            return load(trustStore());
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("The trust store of the test authority can't be read", e);
        }
    }

    /** For clients: trusts the authority and nobody else. */
    public static SSLContext clientContext() {
        try {
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(loadTrustStore());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("A TLS context that trusts the test authority can't be made", e);
        }
    }

    /** A server that shows a certificate of this kind. */
    public static synchronized SSLContext serverContext(Kind kind) {
        SSLContext known = SERVER_CONTEXTS.get(kind);
        if (known != null) {
            return known;
        }
        String alias = kind.name().toLowerCase(Locale.ROOT);
        try {
            genkeypair(alias, "CN=" + alias + " test server", kind.keytoolOptions());
            SSLContext context = contextWith(load(keys()), alias);
            SERVER_CONTEXTS.put(kind, context);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("The " + kind + " certificate of the test server can't be made", e);
        }
    }

    /** Only this one key, so that the choice is not the key manager's. */
    private static SSLContext contextWith(KeyStore all, String alias) throws GeneralSecurityException, IOException {
        char[] password = PASSWORD.toCharArray();
        KeyStore one = KeyStore.getInstance("PKCS12");
        one.load(null, null);
        one.setKeyEntry(alias, all.getKey(alias, password), password, all.getCertificateChain(alias));
        KeyManagerFactory keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keyManagers.init(one, password);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keyManagers.getKeyManagers(), null, null);
        return context;
    }

    private static synchronized Path folder() {
        Path made = folder;
        if (made == null) {
            try {
                made = Files.createTempDirectory("test-certificates");
                folder = made;
                made.toFile().deleteOnExit();
                for (String file : List.of("keys.p12", "trust.p12", "ca.pem")) {
                    made.resolve(file).toFile().deleteOnExit();
                }
                makeAuthority(made);
            } catch (GeneralSecurityException | IOException e) {
                throw new IllegalStateException("The test authority can't be made", e);
            }
        }
        return made;
    }

    private static Path keys() {
        return folder().resolve("keys.p12");
    }

    private static void makeAuthority(Path folder) throws GeneralSecurityException, IOException {
        genkeypair("ca", "CN=test authority", List.of("-startdate", "-30d", "-validity", "365", "-ext", "bc:c"));
        KeyStore trust = KeyStore.getInstance("PKCS12");
        trust.load(null, null);
        trust.setCertificateEntry("ca", load(keys()).getCertificate("ca"));
        try (OutputStream out = Files.newOutputStream(folder.resolve("trust.p12"))) {
            trust.store(out, PASSWORD.toCharArray());
        }
        Files.writeString(
                folder.resolve("ca.pem"),
                "-----BEGIN CERTIFICATE-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'})
                                .encodeToString(trust.getCertificate("ca").getEncoded())
                        + "\n-----END CERTIFICATE-----\n");
    }

    private static KeyStore load(Path file) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD.toCharArray());
        }
        return store;
    }

    private static void genkeypair(String alias, String name, List<String> options) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-J-XX:TieredStopAtLevel=1",
                "-J-XX:+UseSerialGC",
                "-genkeypair",
                "-keystore",
                keys().toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-alias",
                alias,
                "-dname",
                name,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1"));
        command.addAll(options);
        try {
            Process keytool =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            keytool.getOutputStream().close();
            String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (keytool.waitFor() != 0) {
                throw new IllegalStateException("keytool could not make the key \"" + alias + "\": " + output.strip());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "keytool of the running JDK can't be started; tests need a JDK, not a JRE", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while keytool made the key \"" + alias + "\"", e);
        }
    }
}
