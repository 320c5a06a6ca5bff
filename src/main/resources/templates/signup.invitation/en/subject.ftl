<#if invitedBy??>${invitedBy} invited you to ${product}<#else>You’re invited to ${product}</#if>
