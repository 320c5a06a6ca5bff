<#if code??>${code} is your ${product} password reset code<#else>Reset your ${product} password</#if>
