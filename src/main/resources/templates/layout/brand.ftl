<#-- The colours of a mail. Keep a contrast of at least 4.5:1 between accent and onAccent. -->
<#assign accent = "#1d4ed8">
<#assign onAccent = "#ffffff">
