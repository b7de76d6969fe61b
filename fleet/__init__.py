"""Fleet: many machines that do what one does, by the same code. Ray lives here, and is imported when asked for."""
