<#import "/layout/text.ftl" as mail>
<#import "/layout/ru.ftl" as say>
<#assign reason>
Вы получили это письмо, потому что адрес ${email} указали при регистрации в ${product}. Если это были не вы, ничего делать не нужно: пока по ссылке не перейдут, адрес не будет подтверждён.
</#assign>
<@mail.page greeting=say.hello() reason=reason footer=say.footer()>
Спасибо за регистрацию в ${product}! Пожалуйста, подтвердите, что этот адрес ваш:

${link}

${say.aboutLink()}
</@mail.page>
