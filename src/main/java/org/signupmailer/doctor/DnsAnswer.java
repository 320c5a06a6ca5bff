package org.signupmailer.doctor;

import java.util.List;

/**
 * What a resolver said to one question.
 *
 * @param values the records; empty unless {@link Kind#FOUND}
 * @param server who was asked, such as {@code 192.0.2.53}
 * @param words  of the resolver or the network, for people, in English
 */
record DnsAnswer(Kind kind, List<String> values, String server, String words) {

    enum Kind {
        FOUND,
        /** NXDOMAIN. */
        NO_SUCH_NAME,
        /** The name exists, the record doesn't. */
        NO_SUCH_RECORD,
        /** It answered, but not the question: SERVFAIL, REFUSED. */
        FAILED,
        /** Nobody answered. */
        SILENT
    }

    DnsAnswer {
        values = List.copyOf(values);
    }

    /** Whether a resolver could tell. */
    boolean told() {
        return kind != Kind.FAILED && kind != Kind.SILENT;
    }
}
