Confirm your email address for ${product}
