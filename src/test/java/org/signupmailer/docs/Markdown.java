package org.signupmailer.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** One page of the documentation: its code blocks, tables and links. */
public record Markdown(Path file, String text) {

    private static final Pattern FENCED = Pattern.compile("(?ms)^```(\\w*)\\n(.*?)^```$");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern CELL_BORDER = Pattern.compile("\\s*\\|\\s*");
    private static final Pattern NOT_IN_ANCHORS = Pattern.compile("[^\\p{L}\\p{N} _-]");

    public static Markdown read(String file) {
        Path path = Path.of(file);
        try {
            return new Markdown(path, Files.readString(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All pages that are in version control: those outside of build and hidden folders. */
    static List<Markdown> all() {
        try (Stream<Path> files = Files.walk(Path.of(""))) {
            return files.filter(file -> file.toString().endsWith(".md"))
                    .filter(file ->
                            !file.startsWith("target") && !file.toString().startsWith("."))
                    .map(file -> read(file.toString()))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Code blocks in this language, in their order. */
    public List<String> blocks(String language) {
        List<String> blocks = new ArrayList<>();
        Matcher matcher = FENCED.matcher(text);
        while (matcher.find()) {
            if (matcher.group(1).equals(language)) {
                blocks.add(matcher.group(2));
            }
        }
        return blocks;
    }

    /** The only code block in this language that has this in it. */
    public String block(String language, String within) {
        List<String> found = blocks(language).stream()
                .filter(block -> block.contains(within))
                .toList();
        if (found.size() != 1) {
            throw new AssertionError(
                    file + " has " + found.size() + " blocks of " + language + " with \"" + within + "\", not one");
        }
        return found.get(0);
    }

    /** The rows of the table whose head is this line; each as its cells. */
    public List<List<String>> table(String head) {
        List<List<String>> rows = text.lines()
                .dropWhile(line -> !line.equals(head))
                .skip(2)
                .takeWhile(line -> line.startsWith("|"))
                .map(Markdown::cells)
                .toList();
        if (rows.isEmpty()) {
            throw new AssertionError(file + " has no table with the head " + head);
        }
        return rows;
    }

    private static List<String> cells(String row) {
        return Arrays.stream(CELL_BORDER.split(row.substring(1), -1))
                .map(String::strip)
                .toList();
    }

    /** What stands between backticks in this cell. */
    public static List<String> codes(String cell) {
        return CODE.matcher(cell).results().map(match -> match.group(1)).toList();
    }

    List<String> links() {
        return LINK.matcher(FENCED.matcher(text).replaceAll(""))
                .results()
                .map(match -> match.group(1))
                .toList();
    }

    /** The headings, as links name them. */
    public List<String> anchors() {
        return FENCED.matcher(text)
                .replaceAll("")
                .lines()
                .filter(line -> line.matches("#+ .*"))
                .map(line -> NOT_IN_ANCHORS
                        .matcher(line.replaceFirst("#+ ", "").toLowerCase(Locale.ROOT))
                        .replaceAll("")
                        .replace(' ', '-'))
                .toList();
    }
}
