${code} is your ${product} code
