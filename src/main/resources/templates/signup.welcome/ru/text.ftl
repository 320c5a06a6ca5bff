<#import "/layout/text.ftl" as mail>
<#import "/layout/ru.ftl" as say>
<#assign reason>
Вы получили это письмо, потому что на адрес ${email} зарегистрировали аккаунт ${product}. Если это сделали не вы, пожалуйста, сообщите об этом в ${product}: возможно, кто-то указал ваш адрес по ошибке.
</#assign>
<@mail.page greeting=say.hello() reason=reason footer=say.footer()>
Ваш аккаунт ${product} готов. Рады, что вы с нами!

<#if link??>
Начать можно здесь:

${link}

${say.aboutLink()}

</#if>
</@mail.page>
