${code} is your ${product} security code
