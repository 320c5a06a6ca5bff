<#import "/layout/text.ftl" as mail>
<#import "/layout/ru.ftl" as say>
<#assign reason>
Вы получили это письмо, потому что кто-то попросил сбросить пароль аккаунта ${product} для адреса ${email}. Если это были не вы, ничего делать не нужно: пароль останется прежним.
</#assign>
<@mail.page greeting=say.hello() reason=reason footer=say.footer()>
<#if link??>
Чтобы задать новый пароль для аккаунта ${product}, откройте ссылку:

${link}

</#if>
<#if code??>
<#if link??>Или введите этот код:<#else>Введите этот код, чтобы задать новый пароль для аккаунта ${product}:</#if>

${code}

${say.aboutCode()}

<#else>
${say.aboutLink()}

</#if>
</@mail.page>
