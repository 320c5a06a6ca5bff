package org.signupmailer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The compiler is the whole JVM's. */
@Isolated
class CompilerAdviceTest {

    @Test
    void isWhatThisJavaUnderstandsAndKeeps() throws Exception {
        // Another test may have served in this JVM.
        CompilerAdvice.ask("compilerDirectivesClear");
        assertThat(CompilerAdvice.ask("compilerDirectivesPrint")).doesNotContain("org/apache/kafka");

        CompilerAdvice.give();

        assertThat(CompilerAdvice.ask("compilerDirectivesPrint"))
                .contains("org/apache/kafka/*.*")
                .contains("jdk/internal/org/*.*")
                .contains("Exclude:true");
    }

    /** A misspelt or renamed one would be excluded in vain, and nobody would notice. */
    @ParameterizedTest
    @MethodSource("methods")
    void namesMethodsThatExist(String type, String method) throws Exception {
        assertThat(Class.forName(type).getDeclaredMethods())
                .extracting(Method::getName)
                .contains(method);
    }

    static Stream<Arguments> methods() throws Exception {
        try (InputStream directives = CompilerAdviceTest.class.getResourceAsStream("/compiler-directives.json")) {
            String json = new String(directives.readAllBytes(), StandardCharsets.UTF_8);
            return Pattern.compile("\"([\\w/$]+)\\.(\\w+)\"")
                    .matcher(json)
                    .results()
                    .map(name -> Arguments.of(name.group(1).replace('/', '.'), name.group(2)));
        }
    }
}
