<#import "/layout/text.ftl" as mail>
<#import "/layout/en.ftl" as say>
<#assign reason>
You got this email at ${email} because someone asked to change the email address of a ${product} account. If that wasn’t you, <#if code??>don’t share the code<#else>don’t open the link</#if>: without it, nothing changes.
</#assign>
<@mail.page greeting=say.hello() reason=reason footer=say.footer()>
You asked to change the email address of your ${product} account<#if newEmail??> to ${newEmail}</#if>.

<#if link??>
To confirm the change, open this link:

${link}

</#if>
<#if code??>
<#if link??>Or enter this code:<#else>To confirm the change, enter this code:</#if>

${code}

${say.aboutCode()}

<#else>
${say.aboutLink()}

</#if>
</@mail.page>
