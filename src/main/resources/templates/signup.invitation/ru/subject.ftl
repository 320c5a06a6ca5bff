${product}: <#if invitedBy??>${invitedBy} приглашает вас<#else>вам пришло приглашение</#if>
