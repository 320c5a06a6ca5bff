package org.signupmailer.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DotEnvFileTest {

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve(".env");
    }

    @Test
    void readsOneSettingALine() throws IOException {
        assertThat(read("SMTP_HOST=smtp.example.com\nSMTP_PORT = 587\n"))
                .containsExactly(Map.entry("SMTP_HOST", "smtp.example.com"), Map.entry("SMTP_PORT", "587"));
    }

    @Test
    void passesOverCommentsAndEmptyLines() throws IOException {
        assertThat(read("# the relay\n\n   # indented\nSMTP_HOST=h # why\nSMTP_USER=\t# none\n"))
                .containsExactly(Map.entry("SMTP_HOST", "h"), Map.entry("SMTP_USER", ""));
    }

    @Test
    void keepsANumberSignThatBelongsToAPassword() throws IOException {
        assertThat(read("SMTP_PASS=ab#cd\nSMTP_2_PASS='ab #cd'\n"))
                .containsEntry("SMTP_PASS", "ab#cd")
                .containsEntry("SMTP_2_PASS", "ab #cd");
    }

    @Test
    void takesExportAsShellsDo() throws IOException {
        assertThat(read("export SMTP_HOST=h\n")).containsExactly(Map.entry("SMTP_HOST", "h"));
    }

    @Test
    void takesQuotationMarksOffAndAllInsideAsItIs() throws IOException {
        assertThat(read("A=\" x \"\nB='it is \\n $HOME'\nC=\"say \\\"hi\\\" \\\\ \\$5\"  # c\nD=it's\n"))
                .containsEntry("A", " x ")
                .containsEntry("B", "it is \\n $HOME")
                .containsEntry("C", "say \"hi\" \\ $5")
                .containsEntry("D", "it's");
    }

    @Test
    void readsWhatWindowsEditorsWrite() throws IOException {
        assertThat(read("\uFEFFSMTP_HOST=h\r\nSMTP_FROM_NAME=\"Магазин\"\r\n"))
                .containsExactly(Map.entry("SMTP_HOST", "h"), Map.entry("SMTP_FROM_NAME", "Магазин"));
    }

    @Test
    void theLastOfTwoEqualKeysCounts() throws IOException {
        assertThat(read("A=1\nA=2\n")).containsExactly(Map.entry("A", "2"));
    }

    @Test
    void aLineThatIsNoSettingIsNamedByItsNumberAndNotRepeated() {
        assertThatThrownBy(() -> read("SMTP_HOST=h\nSMTP_PASS hunter2\n"))
                .isInstanceOf(SettingException.class)
                .hasMessage("Line 2 of " + file
                        + " is not KEY=value; write one setting a line, or begin a comment with #.");
    }

    @Test
    void aQuotationMarkThatIsNotClosedIsNamedWithoutTheValue() {
        String sentence = "The value of SMTP_PASS on line 1 of " + file
                + " begins with a quotation mark, but does not end with the same one; close it, or put the value into"
                + " the other kind, ' or \".";
        assertThatThrownBy(() -> read("SMTP_PASS=\"hunter2\n")).hasMessage(sentence);
        assertThatThrownBy(() -> read("SMTP_PASS='hun'ter2\n")).hasMessage(sentence);
    }

    @Test
    void aFileThatIsNotTextIsSaidToBeSo() throws IOException {
        Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe, 'A', 0, '=', 0});

        assertThatThrownBy(() -> DotEnvFile.read(file))
                .isInstanceOf(SettingException.class)
                .hasMessage("The settings file " + file
                        + " can't be read as UTF-8 text; check its encoding and that this user may read it.");
    }

    private Map<String, Object> read(String text) throws IOException {
        Files.write(file, text.getBytes(StandardCharsets.UTF_8));
        return DotEnvFile.read(file);
    }
}
