Welcome to ${product}
