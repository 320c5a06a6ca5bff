<#import "/layout/text.ftl" as mail>
<#import "/layout/en.ftl" as say>
<#assign reason>
You got this email because an invitation was sent to ${email}. If you don’t want to join, just ignore it: no account is created until you accept.
</#assign>
<@mail.page greeting=say.hello() reason=reason footer=say.footer()>
<#if invitedBy??>${invitedBy} has invited you<#else>You have been invited</#if> to join ${product}.

<#if link??>
To accept the invitation, open this link:

${link}

${say.aboutLink()}

</#if>
</@mail.page>
