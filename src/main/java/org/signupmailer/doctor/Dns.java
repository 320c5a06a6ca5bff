package org.signupmailer.doctor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import javax.naming.CommunicationException;
import javax.naming.Context;
import javax.naming.NameNotFoundException;
import javax.naming.NamingEnumeration;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.directory.InitialDirContext;
import org.jspecify.annotations.Nullable;

/**
 * Asks the resolver itself, by the DNS client that comes with Java (docs/decisions/0009): what {@code InetAddress}
 * makes of an answer does not tell a name that does not exist from a resolver that is down.
 */
final class Dns {

    // Asked twice, the second time with double the patience: three seconds for a resolver that is dark.
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final @Nullable String server;

    private Dns(@Nullable String server) {
        this.server = server;
    }

    /** Asks whom this machine asks. */
    static Dns ofThisMachine() {
        return new Dns(null);
    }

    /** Asks this one: {@code 192.0.2.53} or {@code 127.0.0.1:5353}. */
    static Dns at(String server) {
        return new Dns(server);
    }

    /**
     * One question.
     *
     * @param type {@code A}, {@code AAAA}, {@code MX}, {@code TXT}
     */
    // What makes JNDI dangerous is objects in directories; DNS has none, and its provider reads text and bytes only.
    @SuppressWarnings({"BanJNDI", "JdkObsolete"}) // JNDI wants a Hashtable.
    DnsAnswer ask(String name, String type) {
        Hashtable<String, String> environment = new Hashtable<>();
        environment.put(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.dns.DnsContextFactory");
        environment.put("com.sun.jndi.dns.timeout.initial", Long.toString(PATIENCE.toMillis()));
        environment.put("com.sun.jndi.dns.timeout.retries", "2");
        if (server != null) {
            environment.put(Context.PROVIDER_URL, "dns://" + server);
        }
        String asked = server == null ? "?" : server;
        try {
            InitialDirContext context = new InitialDirContext(environment);
            try {
                Object url = context.getEnvironment().get(Context.PROVIDER_URL);
                asked = url == null ? asked : url.toString().replace("dns://", "");
                List<String> values =
                        values(context.getAttributes(name, new String[] {type}).get(type));
                return new DnsAnswer(
                        values.isEmpty() ? DnsAnswer.Kind.NO_SUCH_RECORD : DnsAnswer.Kind.FOUND, values, asked, "");
            } finally {
                context.close();
            }
        } catch (NameNotFoundException e) {
            return new DnsAnswer(DnsAnswer.Kind.NO_SUCH_NAME, List.of(), asked, "NXDOMAIN");
        } catch (CommunicationException e) {
            return new DnsAnswer(DnsAnswer.Kind.SILENT, List.of(), asked, "no answer");
        } catch (NamingException | IllegalArgumentException e) {
            return new DnsAnswer(DnsAnswer.Kind.FAILED, List.of(), asked, words(e));
        }
    }

    private static String words(Exception e) {
        String message = String.valueOf(e.getMessage());
        for (Map.Entry<String, String> code : Map.of("code 2]", "SERVFAIL", "code 5]", "REFUSED", "code 1]", "FORMERR")
                .entrySet()) {
            if (message.contains(code.getKey())) {
                return code.getValue();
            }
        }
        return e.getClass().getSimpleName();
    }

    private static List<String> values(@Nullable Attribute records) throws NamingException {
        List<String> values = new ArrayList<>();
        if (records != null) {
            NamingEnumeration<?> all = records.getAll();
            while (all.hasMore()) {
                values.add(String.valueOf(all.next()));
            }
        }
        return values;
    }
}
