<#import "/layout/text.ftl" as mail>
<#import "/layout/en.ftl" as say>
<#assign reason>
You got this email because a ${product} account was created with ${email}. If you didn’t create it, please let ${product} know: someone may have used your address by mistake.
</#assign>
<@mail.page greeting=say.hello() reason=reason footer=say.footer()>
Your ${product} account is ready. It’s good to have you with us.

<#if link??>
Start here:

${link}

${say.aboutLink()}

</#if>
</@mail.page>
