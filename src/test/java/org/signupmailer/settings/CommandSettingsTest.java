package org.signupmailer.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.core.env.ConfigurableEnvironment;

class CommandSettingsTest {

    @TempDir
    Path folder;

    @Test
    void readsWhatTheApplicationReads() throws Exception {
        Path file = Files.writeString(
                folder.resolve("my.env"), "SIGNUP_TOPIC=people\nMAILER_RELAYS_BACKUP_HOST=b.example\n");
        ConfigurableEnvironment environment = CommandSettings.read("--mailer.env-file=" + file);
        assertThat(environment.getProperty("mailer.kafka.topic")).isEqualTo("people");
        assertThat(environment.getProperty("mailer.relays.backup.host")).isEqualTo("b.example");
        assertThat(environment.getProperty("mailer.routes-dir")).isEqualTo("routes");
    }

    @Test
    void aSettingOfThisRunWinsOverTheFile() throws Exception {
        Path file = Files.writeString(folder.resolve("my.env"), "SIGNUP_TOPIC=people\n");
        assertThat(CommandSettings.read("--mailer.env-file=" + file, "--mailer.kafka.topic=others")
                        .getProperty("mailer.kafka.topic"))
                .isEqualTo("others");
    }

    @Test
    void aSettingThatMakesNoSenseIsToldAsAtTheStart() {
        assertThatThrownBy(() -> CommandSettings.read("--server.port=abc"))
                .isInstanceOf(SettingException.class)
                .extracting(CommandSettings::problem)
                .asString()
                .startsWith("MANAGEMENT_PORT is \"abc\", which is not a port;");
    }

    @Test
    void anUnreadableConfigurationFileIsOneSentence() throws Exception {
        Files.writeString(folder.resolve("application.yaml"), "mailer: [");
        assertThatThrownBy(() -> CommandSettings.read("--spring.config.additional-location=" + folder + "/"))
                .extracting(CommandSettings::problem)
                .asString()
                .contains("application.yaml", "line 1")
                .doesNotContain("\n");
    }
}
