<#import "/layout/text.ftl" as mail>
<#import "/layout/ru.ftl" as say>
<#assign reason>
Вы получили это письмо, потому что на адрес ${email} отправили приглашение. Если оно вам не нужно, просто пропустите это письмо: аккаунт не появится, пока вы не примете приглашение.
</#assign>
<@mail.page greeting=say.hello() reason=reason footer=say.footer()>
<#if invitedBy??>${invitedBy} приглашает вас<#else>Вас приглашают</#if> присоединиться к ${product}.

<#if link??>
Чтобы принять приглашение, откройте ссылку:

${link}

${say.aboutLink()}

</#if>
</@mail.page>
