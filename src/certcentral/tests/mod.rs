//! Exchanges with a server that does exactly what a test tells it.
