<#-- What every English mail says in the same words. -->

<#function hello>
  <#return "Hello" + ((", " + name)!"") + "!">
</#function>

<#function minutes n>
  <#return n?c + " " + (n == 1)?then("minute", "minutes")>
</#function>

<#-- How long a code or link works; empty when it does not expire. Minutes help for the first hours only. -->
<#function valid what>
  <#if !expiresAt??><#return ""></#if>
  <#if (validMinutes > 120)><#return what + " works until " + expiresAt + "."></#if>
  <#return what + " works for " + minutes(validMinutes) + ", until " + expiresAt + ".">
</#function>

<#function aboutCode>
  <#return (valid("The code") + " Please don’t share it with anyone.")?trim>
</#function>

<#function aboutLink>
  <#return valid("The link")>
</#function>

<#function orOpen>
  <#return "If the button doesn’t work, open this link in your browser:">
</#function>

<#function footer>
  <#return "Sent automatically by " + product + " to " + email>
</#function>
