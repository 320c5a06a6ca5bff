package org.signupmailer.email;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.signupmailer.settings.SettingException;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/** Reads template sources: the built-in ones from the jar, the operators' from their folder. */
final class TemplateFiles {

    private static final String ROOT = "templates/";
    private static final String KNOWN = "layout/html.ftlh";

    /** Type, locale, file; one more for operators who sort their layout into folders. */
    private static final int DEPTH = 4;

    private TemplateFiles() {}

    /** The templates in the jar, also in a jar within a jar. */
    static SortedMap<String, TemplateFile> builtIn() throws TemplateFailure {
        // Found by a file that is certainly ours: other jars may have a folder of this name too.
        URL known = TemplateFiles.class.getClassLoader().getResource(ROOT + KNOWN);
        if (known == null) {
            throw new IllegalStateException("The built-in templates are missing from the jar; build it again");
        }
        String root = known.toExternalForm().substring(0, known.toExternalForm().length() - KNOWN.length());
        SortedMap<String, TemplateFile> files = new TreeMap<>();
        try {
            for (Resource resource : new PathMatchingResourcePatternResolver().getResources(root + "**/*.ftl*")) {
                String url = resource.getURL().toExternalForm();
                String path = url.substring(url.lastIndexOf("/" + ROOT) + ROOT.length() + 1);
                try (InputStream in = resource.getInputStream()) {
                    put(files, path, "built-in " + ROOT + path, in.readAllBytes());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The built-in templates can't be read", e);
        }
        return files;
    }

    /**
     * The templates in an operators' folder. Names that begin with a dot are left out (editors' and Kubernetes' own
     * files); links are followed, since Kubernetes mounts files as links.
     */
    static SortedMap<String, TemplateFile> in(Path folder) throws TemplateFailure {
        if (!Files.isDirectory(folder)) {
            throw new SettingException("MAILER_TEMPLATES_DIR is \"" + folder
                    + "\", but there is no such folder; create it, correct the path, or leave MAILER_TEMPLATES_DIR"
                    + " out to use the built-in templates");
        }
        SortedMap<String, TemplateFile> files = new TreeMap<>();
        try (Stream<Path> found = Files.walk(folder, DEPTH, FileVisitOption.FOLLOW_LINKS)) {
            List<Path> templates = found.filter(file -> TemplateFile.isTemplate(file.toString()))
                    .filter(file -> !hidden(folder.relativize(file)))
                    .filter(Files::isRegularFile)
                    .toList();
            for (Path file : templates) {
                String path = folder.relativize(file).toString().replace('\\', '/');
                put(files, path, file.toString(), Files.readAllBytes(file));
            }
        } catch (IOException | UncheckedIOException e) {
            throw new SettingException("MAILER_TEMPLATES_DIR is \"" + folder + "\", but it can't be read ("
                    + e.getMessage() + "); give signup-mailer the right to read the folder and all files in it");
        }
        return files;
    }

    private static boolean hidden(Path relative) {
        for (Path name : relative) {
            if (name.toString().startsWith(".")) {
                return true;
            }
        }
        return false;
    }

    private static void put(SortedMap<String, TemplateFile> files, String path, String origin, byte[] bytes)
            throws TemplateFailure {
        try {
            String source = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            // Some Windows editors begin a file with a byte order mark.
            files.put(path, new TemplateFile(path, origin, source.startsWith("\uFEFF") ? source.substring(1) : source));
        } catch (CharacterCodingException e) {
            throw TemplateFailure.at(origin, 0, 0, "it is not UTF-8 text; save it as UTF-8");
        }
    }
}
