package org.signupmailer;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;

class OwnConfigurationsTest {

    @Test
    void allThatASearchWouldFindAreNamed() throws URISyntaxException {
        assertThat(OwnConfigurations.NAMES).containsExactlyInAnyOrderElementsOf(found());
    }

    // Among the application's classes alone, not among those of tests.
    private static List<String> found() throws URISyntaxException {
        Path classes = Path.of(SignupMailApplication.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        return new ClassPathScanningCandidateComponentProvider(true)
                .findCandidateComponents("org.signupmailer").stream()
                        .map(BeanDefinition::getBeanClassName)
                        .filter(Objects::nonNull)
                        .filter(name -> !name.equals(SignupMailApplication.class.getName()))
                        .filter(name -> Files.exists(classes.resolve(name.replace('.', '/') + ".class")))
                        .toList();
    }
}
