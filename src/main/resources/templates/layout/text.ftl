<#--
  The frame of the plain-text part.
    greeting  the first line
    reason    why one gets this mail, and what to do if one didn't ask for it
    footer    who sent it, and to whom
-->
<#macro page greeting reason footer>
${greeting}

<#nested>

${reason}

-- 
${footer}
</#macro>
