<#import "/layout/text.ftl" as mail>
<#import "/layout/en.ftl" as say>
<#assign reason>
You got this email because someone asked to reset the password of the ${product} account for ${email}. If that wasn’t you, just ignore it: your password stays as it is.
</#assign>
<@mail.page greeting=say.hello() reason=reason footer=say.footer()>
<#if link??>
To choose a new password for your ${product} account, open this link:

${link}

</#if>
<#if code??>
<#if link??>Or enter this code:<#else>Enter this code to choose a new password for your ${product} account:</#if>

${code}

${say.aboutCode()}

<#else>
${say.aboutLink()}

</#if>
</@mail.page>
