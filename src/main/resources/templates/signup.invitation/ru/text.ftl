<#import "/layout/text.ftl" as mail>
<#import "/layout/ru.ftl" as say>
<#assign reason>
Вы получили это письмо, потому что на адрес ${email} отправили приглашение. Если оно вам не нужно, просто не отвечайте на него: без вашего согласия аккаунт не появится.
</#assign>
<@mail.page greeting=say.hello() reason=reason footer=say.footer()>
<#if invitedBy??>${invitedBy} приглашает вас<#else>Вас приглашают</#if> присоединиться к ${product}.

<#if link??>
${link}

${say.aboutLink()}

</#if>
</@mail.page>
