${code} — код безопасности ${product}
