package org.signupmailer.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.signupmailer.settings.SettingException;

class HistoryTest {

    @TempDir
    Path place;

    @TempDir
    Path folder;

    private History history;

    @BeforeEach
    void open() {
        history = new History(Edited.ROUTES, place.resolve("history"), folder, Clock.systemUTC());
    }

    @Test
    void undoPutsBackWhatWasGoodBeforeABadEditAndKeepsTheBadOne() throws IOException {
        write("good");
        history.keep(now());
        write("bad");

        assertThat(history.undo()).startsWith("Put the state ");

        assertThat(text()).isEqualTo("good");
        assertThat(history.entries()).extracting(History.Entry::good).containsExactlyInAnyOrder(true, false);
    }

    @Test
    void undoPutsBackWhatWasInUseBeforeTheLastGoodEditAndOnceMoreTakesItBack() throws IOException {
        write("one");
        history.keep(now());
        write("two");
        history.keep(now());

        history.undo();
        assertThat(text()).isEqualTo("one");
        history.undo();
        assertThat(text()).isEqualTo("two");
    }

    @Test
    void aFileThatCameLaterGoesAndOneThatWasRemovedComesBack() throws IOException {
        write("one");
        history.keep(now());
        Files.delete(folder.resolve("a.camel.yaml"));
        Files.writeString(folder.resolve("b.camel.yaml"), "later");
        Files.writeString(folder.resolve("README.md"), "stays");

        history.undo();

        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("a.camel.yaml", "README.md");
        }
    }

    @Test
    void whatIsKeptSurvivesARestartAndIsForItsOwnerOnly() throws IOException {
        write("one");
        history.keep(now());

        History again = new History(Edited.ROUTES, place.resolve("history"), folder, Clock.systemUTC());

        assertThat(again.entries()).hasSize(1);
        try (Stream<Path> all = Files.walk(place.resolve("history"))) {
            assertThat(all)
                    .allSatisfy(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .endsWith("------"));
        }
    }

    @Test
    void theSameStateIsKeptOnceAndTheOldestGo() throws IOException {
        for (int i = 0; i < 25; i++) {
            write("state " + i);
            history.keep(now());
            history.keep(now());
        }

        assertThat(history.entries()).hasSize(20);
        String oldest = history.entries().get(19).id();
        history.putBack(oldest);
        assertThat(text()).isEqualTo("state 5");
    }

    @Test
    void aPlaceWithinTheFolderIsRefused() {
        assertThatThrownBy(() -> new History(Edited.ROUTES, folder.resolve("h"), folder, Clock.systemUTC()))
                .isInstanceOf(SettingException.class)
                .hasMessageContaining("within the folder of the routes; name one outside of it");
    }

    @Test
    void aStateThatIsNotThereIsToldInOneSentence() {
        assertThatThrownBy(() -> history.putBack("../../etc"))
                .isInstanceOf(SettingException.class)
                .hasMessageStartingWith("There is no state \"../../etc\" in ");
    }

    private void write(String text) throws IOException {
        Files.writeString(folder.resolve("a.camel.yaml"), text);
    }

    private String text() throws IOException {
        return Files.readString(folder.resolve("a.camel.yaml"));
    }

    private SortedMap<String, byte[]> now() throws IOException {
        return new TreeMap<>(Map.of("a.camel.yaml", text().getBytes(StandardCharsets.UTF_8)));
    }
}
