<#import "/layout/text.ftl" as mail>
<#import "/layout/ru.ftl" as say>
<#assign reason>
Вы получили это письмо, потому что адрес ${email} указали при регистрации в ${product}. Если это были не вы, ничего делать не нужно: без кода адрес не будет подтверждён.
</#assign>
<@mail.page greeting=say.hello() reason=reason footer=say.footer()>
Введите этот код, чтобы подтвердить адрес электронной почты:

${code}

${say.aboutCode()}
</@mail.page>
