package org.signupmailer.doctor;

import java.time.Clock;
import java.util.concurrent.Executor;
import org.signupmailer.relay.FailureClassifier;
import org.signupmailer.relay.TlsSockets;

/** What an examination is made with. */
record Tools(Texts texts, TlsSockets tls, FailureClassifier classifier, Dns dns, Clock clock, Executor threads) {}
