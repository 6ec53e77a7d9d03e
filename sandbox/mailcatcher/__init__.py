"""A mail catcher: a real SMTP server that delivers to a folder and shows it."""
