package org.signupmailer.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class UndoCommandTest {

    @TempDir
    Path place;

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void theLastGoodStateIsListedAndPutBack() throws IOException {
        Files.writeString(folder.resolve("a.camel.yaml"), "bad");
        History history = new History(Edited.ROUTES, place, folder, Clock.systemUTC());
        history.keep(new TreeMap<>(Map.of("a.camel.yaml", "good".getBytes(StandardCharsets.UTF_8))));

        assertThat(run(new HistoryCommand(), "routes")).isZero();
        assertThat(out.toString()).matches("(?s)\\d{8}-\\d{6}-\\d{3}  good, 1 file\\R.*");
        String state = out.toString().substring(0, 19);

        assertThat(run(new UndoCommand(), "routes", "--to", state)).isZero();
        assertThat(Files.readString(folder.resolve("a.camel.yaml"))).isEqualTo("good");

        assertThat(run(new UndoCommand())).isEqualTo(1);
        assertThat(out.toString()).contains("There is no good state in ");
    }

    @Test
    void aKindThatIsNoneIsWrongUsage() {
        assertThat(run(new UndoCommand(), "mails")).isEqualTo(2);
        assertThat(run(new HistoryCommand(), "mails")).isEqualTo(2);
    }

    @Test
    void builtInTemplatesHaveNoHistory() {
        assertThat(run(new HistoryCommand(), "templates")).isEqualTo(1);
        assertThat(err.toString()).contains("set MAILER_TEMPLATES_DIR to one of your own");
    }

    private int run(Object command, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--mailer.env-file=" + place.resolve("no.env"));
        all.add("--mailer.history-dir=" + place);
        all.add("--mailer.routes-dir=" + folder);
        return new CommandLine(command)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(all.toArray(String[]::new));
    }
}
