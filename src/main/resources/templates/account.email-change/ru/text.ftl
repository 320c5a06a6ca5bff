<#import "/layout/text.ftl" as mail>
<#import "/layout/ru.ftl" as say>
<#assign reason>
Вы получили это письмо на адрес ${email}, потому что кто-то попросил сменить адрес почты в аккаунте ${product}. Если это были не вы, <#if code??>никому не сообщайте код<#else>не переходите по ссылке</#if>: без подтверждения ничего не изменится.
</#assign>
<@mail.page greeting=say.hello() reason=reason footer=say.footer()>
Вы попросили сменить адрес электронной почты аккаунта ${product}.<#if newEmail??> Новый адрес: ${newEmail}.</#if>

<#if link??>
Чтобы подтвердить смену адреса, откройте ссылку:

${link}

</#if>
<#if code??>
<#if link??>Или введите этот код:<#else>Чтобы подтвердить смену адреса, введите этот код:</#if>

${code}

${say.aboutCode()}

<#else>
${say.aboutLink()}

</#if>
</@mail.page>
