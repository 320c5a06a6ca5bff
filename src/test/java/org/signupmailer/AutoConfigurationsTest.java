package org.signupmailer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.annotation.ImportCandidates;

class AutoConfigurationsTest {

    private static final List<String> ALL = ImportCandidates.load(
                    AutoConfiguration.class, AutoConfigurations.class.getClassLoader())
            .getCandidates();

    @Test
    void whatMailsNeedExistsUnderItsName() {
        assertThat(ALL).containsAll(AutoConfigurations.BOOT_FOR_MAILS);
    }

    @Test
    void noConfigurationIsInBothPartsAndNoneIsLostUnnoticed() {
        List<String> mails =
                ALL.stream().filter(new AutoConfigurations.ForMails()::isOurs).toList();
        List<String> management = ALL.stream()
                .filter(new AutoConfigurations.ForManagement()::isOurs)
                .toList();

        assertThat(mails).doesNotContainAnyElementsOf(management);
        assertThat(Stream.of(mails, management).flatMap(List::stream))
                .containsExactlyInAnyOrderElementsOf(ALL.stream()
                        .filter(name -> AutoConfigurations.USELESS.stream().noneMatch(name::startsWith))
                        .toList());
    }
}
