package org.signupmailer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** The compiler is the whole JVM's. */
@Isolated
class CompilerAdviceTest {

    @Test
    void isWhatThisJavaUnderstandsAndKeeps() throws Exception {
        String before = CompilerAdvice.ask("compilerDirectivesPrint");
        CompilerAdvice.give();
        try {
            assertThat(before).doesNotContain("org/apache/kafka");
            assertThat(CompilerAdvice.ask("compilerDirectivesPrint"))
                    .contains("org/apache/kafka/*.*")
                    .contains("jdk/internal/org/*.*")
                    .contains("Exclude:true");
        } finally {
            CompilerAdvice.ask("compilerDirectivesRemove");
        }
        assertThat(CompilerAdvice.ask("compilerDirectivesPrint")).isEqualTo(before);
    }
}
