package org.signupmailer.email;

/**
 * The source of one template.
 *
 * @param path below the templates folder, with {@code /}
 * @param origin what operators know it by: the file, or {@code built-in templates/…}
 * @param source its text
 */
record TemplateFile(String path, String origin, String source) {

    static final String SUBJECT = "subject.ftl";
    static final String TEXT = "text.ftl";
    static final String HTML = "html.ftlh";

    static boolean isTemplate(String path) {
        return path.endsWith(".ftl") || path.endsWith(".ftlh");
    }

    @Override
    public String toString() {
        return origin;
    }
}
