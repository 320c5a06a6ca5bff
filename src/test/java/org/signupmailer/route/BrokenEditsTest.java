package org.signupmailer.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever of the corpus an operator saves is refused, in words that help. */
class BrokenEditsTest {

    private final RoutesCheck check = new RoutesCheck(new Surroundings(
            name -> "mailer.kafka.topic".equals(name) ? "signup-events" : null,
            Set.of("mailer.kafka.topic"),
            List.of("primary", "secondary")));

    @TempDir
    Path folder;

    static Stream<BrokenEdit> edits() throws IOException {
        return BrokenEdit.all().stream();
    }

    @ParameterizedTest
    @MethodSource("edits")
    void aBrokenEditIsRefusedInTheseWords(BrokenEdit edit) throws IOException {
        BrokenEdit.shipped(folder);
        edit.apply(folder);

        List<Finding> findings = check.of(RouteFiles.read(folder));

        assertThat(findings).anyMatch(finding -> finding.severity() == Finding.Severity.ERROR);
        assertThat(findings.stream().map(this::line)).containsExactlyElementsOf(edit.says());
        assertThat(findings)
                .allSatisfy(finding -> assertThat(finding.sentence()).doesNotContain("hunter2"));
    }

    @Test
    void theCorpusHasAtLeastSixtyEditsOfManyKinds() throws IOException {
        List<BrokenEdit> all = BrokenEdit.all();

        assertThat(all).hasSizeGreaterThanOrEqualTo(60);
        assertThat(all.stream().map(BrokenEdit::kind).distinct()).hasSizeGreaterThanOrEqualTo(6);
    }

    @Test
    void nothingIsWrongWithTheShippedRoutes() {
        assertThat(check.of(RouteFiles.read(Path.of("routes")))).isEmpty();
    }

    private String line(Finding finding) {
        return (finding.severity() == Finding.Severity.WARNING ? "warning: " : "")
                + finding.toString().replace(folder + "/", "").replace(folder.toString(), "routes");
    }
}
