<#import "/layout/text.ftl" as mail>
<#import "/layout/ru.ftl" as say>
<#assign reason>
Вы получили это письмо, потому что действие в аккаунте ${product} с адресом ${email} нужно подтвердить. Если это были не вы, никому не сообщайте код и смените пароль: возможно, в аккаунт вошёл кто-то другой.
</#assign>
<@mail.page greeting=say.hello() reason=reason footer=say.footer()>
Введите этот код, чтобы подтвердить, что это вы:

${code}

${say.aboutCode()}
</@mail.page>
