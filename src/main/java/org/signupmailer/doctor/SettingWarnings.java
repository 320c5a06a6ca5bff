package org.signupmailer.doctor;

import java.util.ArrayList;
import java.util.List;

/** What reading the settings warned of, as advice for the relay that it is about. */
final class SettingWarnings {

    private final Texts texts;
    private final List<String> warnings;

    /** @param warnings sentences that begin with the key they are about */
    SettingWarnings(Texts texts, List<String> warnings) {
        this.texts = texts;
        this.warnings = warnings;
    }

    List<Diagnosis> added(List<Diagnosis> diagnoses) {
        List<Diagnosis> all = new ArrayList<>();
        for (Diagnosis diagnosis : diagnoses) {
            all.add(diagnosis.advising(warnings.stream()
                    .filter(warning -> isAbout(diagnosis.relay(), warning, diagnoses.size() == 1))
                    .map(texts::setting)
                    .flatMap(List::stream)
                    .toList()));
        }
        return all;
    }

    private static boolean isAbout(String relay, String warning, boolean alone) {
        return alone
                || warning.startsWith("mailer.relays." + relay + ".")
                || switch (relay) {
                    case "primary" -> warning.matches("SMTP_[A-Z].*");
                    case "secondary" -> warning.startsWith("SMTP_2_");
                    case "tertiary" -> warning.startsWith("SMTP_3_");
                    default -> false;
                };
    }
}
