<#if code??>${code} is your code to change your ${product} email address<#else>Confirm the change of your ${product} email address</#if>
