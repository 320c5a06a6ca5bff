<#import "/layout/text.ftl" as mail>
<#import "/layout/en.ftl" as say>
<#assign reason>
You got this email because the ${product} account for ${email} was asked to confirm its owner. If that wasn’t you, don’t share the code, and change your password: someone else may be signed in.
</#assign>
<@mail.page greeting=say.hello() reason=reason footer=say.footer()>
You’re about to do something that needs your confirmation. Enter this code to continue:

${code}

${say.aboutCode()}
</@mail.page>
