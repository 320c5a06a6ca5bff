<#import "/layout/text.ftl" as mail>
<#import "/layout/en.ftl" as say>
<#assign reason>
You got this email because someone signed up for ${product} with ${email}. If that wasn’t you, just ignore it: unless the link is opened, your address won’t be confirmed.
</#assign>
<@mail.page greeting=say.hello() reason=reason footer=say.footer()>
Thank you for signing up for ${product}. Please confirm that this address is yours:

${link}

${say.aboutLink()}
</@mail.page>
