<#if code??>${code} — код для сброса пароля ${product}<#else>Сброс пароля ${product}</#if>
