<#-- Слова, общие для всех русских писем. -->

<#function hello>
  <#return "Здравствуйте" + ((", " + name)!"") + "!">
</#function>

<#-- Винительный падеж: действует 1 минуту, 2 минуты, 5 минут. -->
<#function minutes n>
  <#local word = "минут">
  <#if n % 10 == 1 && n % 100 != 11>
    <#local word = "минуту">
  <#elseif (n % 10 >= 2 && n % 10 <= 4) && !(n % 100 >= 12 && n % 100 <= 14)>
    <#local word = "минуты">
  </#if>
  <#return n?c + " " + word>
</#function>

<#-- Сколько действует код или ссылка; пусто, если срока нет. Минуты помогают только в первые часы. -->
<#function valid what>
  <#if !expiresAt??><#return ""></#if>
  <#if (validMinutes > 120)><#return what + " действует до " + expiresAt + "."></#if>
  <#return what + " действует " + minutes(validMinutes) + " — до " + expiresAt + ".">
</#function>

<#function aboutCode>
  <#return (valid("Код") + " Пожалуйста, никому его не сообщайте.")?trim>
</#function>

<#function aboutLink>
  <#return valid("Ссылка")>
</#function>

<#function orOpen>
  <#return "Если кнопка не работает, откройте эту ссылку в браузере:">
</#function>

<#function footer>
  <#return "Автоматическое письмо от " + product + " на адрес " + email>
</#function>
