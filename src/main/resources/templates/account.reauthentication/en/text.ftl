<#import "/layout/text.ftl" as mail>
<#import "/layout/en.ftl" as say>
<#assign reason>
You got this email because an action in the ${product} account of ${email} needs confirmation. If that wasn’t you, don’t share the code, and change your password: someone else may be signed in.
</#assign>
<@mail.page greeting=say.hello() reason=reason footer=say.footer()>
Enter this code to confirm that it’s you:

${code}

${say.aboutCode()}
</@mail.page>
