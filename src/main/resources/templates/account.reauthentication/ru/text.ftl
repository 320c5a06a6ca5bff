<#import "/layout/text.ftl" as mail>
<#import "/layout/ru.ftl" as say>
<#assign reason>
Вы получили это письмо, потому что в аккаунте ${product} с адресом ${email} запросили подтверждение личности. Если это были не вы, никому не сообщайте код и смените пароль: возможно, в аккаунт вошёл кто-то другой.
</#assign>
<@mail.page greeting=say.hello() reason=reason footer=say.footer()>
Это действие нужно подтвердить. Чтобы продолжить, введите код:

${code}

${say.aboutCode()}
</@mail.page>
