package org.signupmailer.deadletter;

/** Why a dead letter that was asked for is not put back. In the order in which they are found. */
enum Refusal {
    /** Its topic does not have the whole event. */
    TRUNCATED("too large for the topic", "the whole event is in the dead-letter log of the process only"),
    /** It would be a dead letter again at once. */
    INVALID("not a valid event", "it would be a dead letter again at once; mend the publisher and publish anew"),
    /** A relay has accepted it since. */
    ACCEPTED("accepted by a relay since", "the same id is mailed once"),
    /** A dead code is never mailed. */
    EXPIRED("expired", "a dead code is never mailed; let the user ask for a new one"),
    /** Whether a relay has accepted it since is not known any more. */
    FORGOTTEN(
            "too old",
            "after 7 days nobody knows whether a relay has accepted it since; publish it anew with a new id"),
    /** Put back before, and no end yet. */
    UNDER_WAY("put back before and still on the way", "--again puts it back all the same, and it is mailed once"),
    /** The newest code counts. */
    SUPERSEDED("superseded", "a newer one of the same type for the same person was published; --superseded replays it");

    private final String what;
    private final String why;

    Refusal(String what, String why) {
        this.what = what;
        this.why = why;
    }

    String what() {
        return what;
    }

    /** One sentence for so many of them. */
    String sentence(long count) {
        return count + " not put back, " + what + ": " + why + ".";
    }
}
