package org.signupmailer.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.signupmailer.settings.SettingException;
import org.springframework.mock.env.MockEnvironment;

class ManagementUserTest {

    private final MockEnvironment environment = new MockEnvironment();

    @Test
    void withoutAPasswordOneIsDrawnForEachRun() {
        ManagementUser first = ManagementUser.read(environment);
        ManagementUser second = ManagementUser.read(environment);

        assertThat(first.name()).isEqualTo("admin");
        assertThat(first.drawn()).isTrue();
        assertThat(first.password()).hasSize(24).isNotEqualTo(second.password());
    }

    @Test
    void aPasswordIsTakenAsItIsWritten() {
        environment.setProperty("MANAGEMENT_PASSWORD", " ${x}#{1+1} \n");

        ManagementUser user = ManagementUser.read(environment);

        assertThat(user.password()).isEqualTo("${x}#{1+1}");
        assertThat(user.drawn()).isFalse();
    }

    @Test
    void itShowsNoPassword() {
        environment.setProperty("MANAGEMENT_PASSWORD", "hunter2");

        assertThat(ManagementUser.read(environment)).hasToString("admin");
    }

    @Test
    void aUserThatCanNotLogInIsRefused() {
        environment.setProperty("MANAGEMENT_USER", "a:b");

        assertThatThrownBy(() -> ManagementUser.read(environment))
                .isInstanceOf(SettingException.class)
                .hasMessage("MANAGEMENT_USER is \"a:b\", but a user name with a colon can't log in over HTTP; leave the"
                        + " colon out.");
    }
}
