//! Files are served under their hashed names, small where the browser takes it.
