<#import "/layout/text.ftl" as mail>
<#import "/layout/en.ftl" as say>
<#assign reason>
You got this email because someone signed up for ${product} with ${email}. If that wasn’t you, just ignore it: without the code, your address won’t be confirmed.
</#assign>
<@mail.page greeting=say.hello() reason=reason footer=say.footer()>
Enter this code to confirm your email address:

${code}

${say.aboutCode()}
</@mail.page>
