${code} — ваш код для ${product}
